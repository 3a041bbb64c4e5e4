import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createReadStream, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { adminActions } from "../../admin.ts";
import { checkLeaf, type StoredRow } from "../../audit-db/append/check-leaf.ts";
import type { EventInput } from "../../audit-db/append/event-schema.ts";
import { leafColumns } from "../../audit-db/append/leaf-row.ts";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { listPublicKeys } from "../../key-store/list-public-keys.ts";
import { compileCache } from "../../testing/compile-cache.ts";
import { tablesHolding } from "../../testing/find-text.ts";
import { kill } from "../../testing/killed-world.ts";
import {
  dayMs,
  type PrivacyWorld,
  startPrivacyWorld,
  targets,
  type WorldTarget,
} from "../../testing/privacy-world.ts";
import { startRedis, type TestRedis } from "../../testing/redis.ts";
import { getCertificates } from "../certificate/get-certificates.ts";
import { readPublicKeys } from "../certificate/public-keys.ts";
import { listedMost } from "../certificate/statement.ts";
import { verifyBundle } from "../certificate/verify-bundle.ts";
import { requireRequest } from "../read-request.ts";
import type { ScanPlace } from "../scan-types.ts";
import type { RequestScope } from "../scope-types.ts";

const policies = { minimal: "PUBLIC", standard: "INTERNAL", confidential: "CONFIDENTIAL" } as const;
const names = Object.keys(policies) as (keyof typeof policies)[];
const person = {
  id: "person-8c1f-of-the-proof",
  email: "quill.anders@oddmail.test",
  name: "Quill Anders of Oddtown",
  phone: "+49 151 8876 5511",
};
const identifiers = Object.values(person);
/** By hand with more: `PROOF_EVENTS=5000000 npx vitest run --project db <this file>` is ten million on two targets. */
const eventsOfTarget = Number(process.env.PROOF_EVENTS ?? 50_000);
const scale = Math.max(1, eventsOfTarget / 50_000);
/** Every so many events one names the person in clear. */
const clearEvery = 5_000;
const clearOfTarget = Math.ceil(eventsOfTarget / clearEvery);
const batch = 2_500;
/** Of every 500 events three are the person's, one of each policy. */
const seldom = 500;
const root = path.resolve(import.meta.dirname, "../../..");

/** On 15 alone, whose pg_dump is asked too: each takes two minutes of the suite. By hand on both. */
const servers = process.env.PROOF_EVENTS ? ([15, 18] as const) : ([15] as const);

describe.each(servers)("PostgreSQL %i", (server) => {
  let world: PrivacyWorld;
  let redis: TestRedis;
  let worker: ChildProcess;
  const folder = mkdtempSync(path.join(tmpdir(), "audit-request-proof-"));
  const [logs, exports, heaps] = ["logs", "exports", "heaps"].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  const from = Date.now() - 210 * dayMs;

  beforeAll(async () => {
    for (const one of [logs, exports, heaps]) mkdirSync(one);
    redis = await startRedis({ dir: folder });
    world = await startPrivacyWorld(server, { since: from, worker: false });
    for (const target of targets) {
      await world.databases[target].sql`update public.retention_policy set floor_days = 30`;
      for (let at = 0; at < eventsOfTarget; at += batch)
        await world.audit[target].append(Array.from({ length: batch }, (_, nth) => eventAt(at + nth)));
    }
    worker = spawn(
      process.execPath,
      ["--heapsnapshot-signal=SIGUSR2", `--diagnostic-dir=${heaps}`, "lib/worker.ts"],
      {
        cwd: root,
        stdio: ["ignore", openSync(path.join(logs, "worker.log"), "a"), "inherit", "ipc"],
        env: {
          ...{ NODE_ENV: "test", ...compileCache, PATH: "/usr/bin:/bin", ...world.environment },
          ...{ REDIS_URL: redis.url, LOG_LEVEL: "debug", LOG_PATHS: logs, EXPORT_PATHS: exports },
        },
      },
    );
  }, 400_000 * scale);
  afterAll(async () => {
    if (worker) await kill(worker);
    await world?.close();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function eventAt(nth: number): EventInput {
    const at = from + nth * 100;
    const policy = names[nth % 3] as (typeof names)[number];
    const theirs = nth % seldom < 3;
    const { id, name, email } = person;
    return {
      id: uuidV7(at),
      occurredAt: new Date(at).toISOString(),
      organizationId: "o",
      action: "record.viewed",
      status: "success",
      retentionPolicy: policy,
      dataClassification: policies[policy],
      details: { nth, ...(nth % clearEvery === 0 && { note: `mail to ${email}` }) },
      actor: theirs ? { id, name, email } : { id: `somebody ${nth % 97}`, name: "Somebody" },
    };
  }

  const until = (number: number, ...states: string[]) =>
    vi.waitFor(
      async () => {
        const row = await requireRequest(world.console.db, number);
        if (!states.includes(row.state)) {
          const [job] =
            await world.sql`select name, state, error, done, total from job where id = ${row.jobId}`;
          throw new Error(`#${number} is ${row.state} (${row.problem}): ${JSON.stringify(job)}`);
        }
        return row;
      },
      { timeout: 240_000 * scale, interval: 500 },
    );

  /** Of everybody else's rows, to the byte. */
  const others = (target: WorldTarget, tokens: readonly string[]) => world.databases[target].sql`
    select count(*)::int as rows, md5(string_agg(md5(log::text), '' order by occurred_at, id)) as digest
    from public.audit_log as log
    where organization_id = 'o' and not (actor_token = any (${[...tokens]})) and details::text not like '%note%'`;

  async function countLeaves(target: WorldTarget): Promise<Record<string, number>> {
    const { sql } = world.databases[target];
    const counts: Record<string, number> = {};
    const rows = sql<StoredRow[]>`
      select ${sql.unsafe(leafColumns)}, leaf, actor_personal as "actorPersonal", target_personal as "targetPersonal"
      from public.audit_log where organization_id = 'o'`.cursor(5_000);
    for await (const some of rows)
      for (const row of some) {
        const found = checkLeaf(row).check;
        counts[found] = (counts[found] ?? 0) + 1;
      }
    return counts;
  }

  test(
    "a person who is erased is found nowhere, and nobody else is changed",
    async () => {
      const { officer, second } = world;
      const [known] = await world.databases.eu.sql`
      select actor_token as token from audit_log where (details ->> 'nth')::int = 1`;
      const [subject] = await world.sql`select subject from vault.subject_key where token = ${known?.token}`;
      const tokens = (
        await world.sql`select token from vault.subject_key where subject = ${subject?.subject}`
      ).map(({ token }) => String(token));
      expect(tokens).toHaveLength(6);
      const before = { eu: await others("eu", tokens), us: await others("us", tokens) };

      const kinds = { id: "id", email: "email", name: "name", phone: "phone" } as const;
      const { number } = await world.succeed(adminActions.openRequest, {
        kind: "erasure",
        person: {
          identifiers: (Object.keys(kinds) as (keyof typeof kinds)[]).map((kind) => ({
            kind: kinds[kind],
            value: person[kind],
          })),
          name: person.name,
          contact: person.email,
          letter: `Erase me. ${person.name}`,
        },
      });
      const identity = { request: number, method: "document_seen", result: "confirmed" } as const;
      await world.succeed(adminActions.recordIdentity, identity);
      if ((await requireRequest(world.console.db, number)).state === "verified")
        await world.succeed(adminActions.scopeRequest, { request: number });
      const scoped = await until(number, "decision_pending");
      const [scope] = await world.sql<{ targets: RequestScope["targets"] }[]>`
      select targets from privacy_request_scope where id = ${scoped.scopeId}`;
      const counted = scope?.targets ?? [];
      const each = (eventsOfTarget / seldom) * 3;
      expect(counted.map(({ target, events }) => [target, events])).toEqual([
        ["eu", each],
        ["us", each],
      ]);
      expect(counted.map(({ clearEvents }) => clearEvents)).toEqual([clearOfTarget, clearOfTarget]);
      const parts = counted.flatMap(({ target, policies }) =>
        policies.map(({ policy }) => ({ target, policy, decision: "grant" as const })),
      );
      expect(parts).toHaveLength(6);
      await world.succeed(adminActions.decideRequest, { request: number, parts }, second);
      await world.sql`update sessions set reauthenticated_at = now() where user_id = ${officer.id}`;
      await world.succeed(adminActions.executeRequest, { request: number });
      await until(number, "responding");
      const [scan] = await world.sql<{ places: ScanPlace[] }[]>`
      select places from privacy_request_scan order by began_at desc limit 1`;
      expect(scan?.places.filter(({ state }) => state === "unknown")).toEqual([]);
      await world.succeed(adminActions.recordResponse, { request: number, channel: "email" });
      await world.succeed(adminActions.closeRequest, { request: number });
      const certificates = await vi.waitFor(
        async () => {
          const found = await getCertificates(world.console.db, number);
          expect(found).toHaveLength(1);
          return found;
        },
        { timeout: 60_000, interval: 500 },
      );
      const jwks = { keys: (await listPublicKeys(world.sql)).map(({ jwk }) => jwk) };
      const bundle = certificates[0]?.bundle ?? "";
      const verified = await verifyBundle(bundle, await readPublicKeys(JSON.stringify(jwks)));
      expect(verified).toMatchObject({
        problems: [],
        receipts: { verified: 6 + Math.min(listedMost, 2 * clearOfTarget), unknownKey: 0 },
        statement: {
          erased: Array.from({ length: 6 }, () => ({ events: each / 3 })),
          redacted: [
            { target: "eu", events: clearOfTarget },
            { target: "us", events: clearOfTarget },
          ],
          remains: [],
        },
      });

      for (const target of targets) {
        expect(await countLeaves(target)).toEqual({
          matches: eventsOfTarget - clearOfTarget,
          "matches, redacted": clearOfTarget,
        });
        expect([target, await others(target, tokens)]).toEqual([target, before[target]]);
      }
      await expectNowhere(bundle);
    },
    580_000 * scale,
  );

  async function expectNowhere(bundle: string) {
    const needles = identifiers.flatMap((one) => [one, Buffer.from(one).toString("hex")]);
    for (const one of needles) {
      expect(bundle).not.toContain(one);
      expect([one, await tablesHolding(world.sql, one)]).toEqual([one, []]);
      for (const target of targets)
        expect([one, await tablesHolding(world.databases[target].sql, one)]).toEqual([one, []]);
    }
    if (server === 15)
      for (const target of targets) {
        const dump = path.join(folder, `${target}.sql`);
        await run("/usr/lib/postgresql/15/bin/pg_dump", [`--file=${dump}`, world.databases[target].url]);
      }
    await redis.redis.save();
    await heapSnapshot();
    // What is there is found: the look is none at empty files.
    const there = (await filesHolding(folder, ["privacy.carry_out", "REDIS"])).join("\n");
    for (const file of ["heaps/", "logs/worker.log", "dump.rdb"]) expect(there).toContain(file);
    expect(await filesHolding(folder, needles)).toEqual([]);
  }

  const run = (command: string, args: string[]) =>
    new Promise<void>((resolve, reject) => {
      execFile(command, args, (error) => (error ? reject(error) : resolve()));
    });

  /** Of the worker, once the scan's child has ended. */
  async function heapSnapshot(): Promise<void> {
    worker.kill("SIGUSR2");
    await vi.waitFor(
      async () => {
        const [file] = readdirSync(heaps);
        if (!file) throw new Error("no snapshot yet");
        const end = await tail(path.join(heaps, file));
        if (!end.trimEnd().endsWith("}")) throw new Error("it is being written");
      },
      { timeout: 120_000, interval: 500 },
    );
  }

  async function tail(file: string): Promise<string> {
    let last = "";
    for await (const chunk of createReadStream(file, "utf8")) last = `${last}${chunk}`.slice(-100);
    return last;
  }

  async function filesHolding(at: string, needles: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (const entry of readdirSync(at, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      let before = "";
      for await (const chunk of createReadStream(file, "latin1")) {
        const text = before + chunk;
        for (const one of needles)
          if (text.includes(one)) found.push(`${path.relative(folder, file)}: ${one}`);
        before = text.slice(-200);
      }
    }
    return [...new Set(found)];
  }
});
