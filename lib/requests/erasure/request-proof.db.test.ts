import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { adminActions } from "../../admin.ts";
import type { EventInput } from "../../audit-db/append/event-schema.ts";
import { exportEvents } from "../../export/export-events.ts";
import { listPublicKeys } from "../../key-store/list-public-keys.ts";
import { compileCache } from "../../testing/compile-cache.ts";
import { filesHolding, textsIn } from "../../testing/files-holding.ts";
import { tablesHolding } from "../../testing/find-text.ts";
import { passKeyMinute } from "../../testing/pass-key-minute.ts";
import {
  dayMs,
  type PrivacyWorld,
  startPrivacyWorld,
  targets,
  type WorldTarget,
} from "../../testing/privacy-world.ts";
import { countLeaves, fillTargets, proofEvent } from "../../testing/proof-world.ts";
import { startRedis, type TestRedis } from "../../testing/redis.ts";
import { kill } from "../../testing/start-program.ts";
import { getCertificates } from "../certificate/get-certificates.ts";
import { readPublicKeys } from "../certificate/public-keys.ts";
import { listedMost } from "../certificate/statement.ts";
import { verifyBundle } from "../certificate/verify-bundle.ts";
import { type RequestRow, requireRequest } from "../read-request.ts";
import type { ScanPlace } from "../scan-types.ts";
import type { RequestScope } from "../scope-types.ts";

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
/** Of every 500 events three are the person's, one of each policy. */
const seldom = 500;
const root = path.resolve(import.meta.dirname, "../../..");

/** On 15 alone, whose pg_dump is asked too: each takes a minute of the suite. By hand on both. */
const servers = process.env.PROOF_EVENTS ? ([15, 18] as const) : ([15] as const);
const began = Date.now();
const step = (what: string) => {
  if (process.env.PROOF_EVENTS)
    process.stderr.write(`${((Date.now() - began) / 1_000).toFixed(0)} s: ${what}\n`);
};

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
    world = await startPrivacyWorld(server, { since: from, worker: false, console: server });
    for (const target of targets)
      await world.databases[target].sql`update public.retention_policy set floor_days = 30`;
    await passKeyMinute(world.sql);
    worker = spawn(
      process.execPath,
      [
        "--heapsnapshot-signal=SIGUSR2",
        // Longer texts would be cut.
        "--heap-snapshot-string-limit=1000000000",
        `--diagnostic-dir=${heaps}`,
        "lib/worker.ts",
      ],
      {
        cwd: root,
        stdio: ["ignore", openSync(path.join(logs, "worker.log"), "a"), "inherit", "ipc"],
        env: {
          ...{ NODE_ENV: "test", ...compileCache, PATH: "/usr/bin:/bin", ...world.environment },
          ...{ REDIS_URL: redis.url, LOG_LEVEL: "debug", LOG_PATHS: logs, EXPORT_PATHS: exports },
        },
      },
    );
    await fillTargets(world, eventsOfTarget, eventAt);
    // As a server that is left to itself has done by then.
    await Promise.all(targets.map((target) => world.databases[target].sql`analyze public.audit_log`));
    step(`${2 * eventsOfTarget} events are there`);
  }, 400_000 * scale);
  afterAll(async () => {
    if (worker) await kill(worker);
    await world?.close();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function eventAt(nth: number): EventInput {
    const { id, name, email } = person;
    return proofEvent(nth, from, {
      details: { nth, ...(nth % clearEvery === 0 && { note: `mail to ${email}` }) },
      actor: nth % seldom < 3 ? { id, name, email } : { id: `somebody ${nth % 97}`, name: "Somebody" },
    });
  }

  const until = (number: number, state: string, is: (row: RequestRow) => boolean = () => true) =>
    vi.waitFor(
      async () => {
        const row = await requireRequest(world.console.db, number);
        if (row.state !== state || !is(row)) {
          const [job] =
            await world.sql`select name, state, error, done, total from job where id = ${row.jobId}`;
          throw new Error(`#${number} is ${row.state} (${row.problem}): ${JSON.stringify(job)}`);
        }
        return row;
      },
      { timeout: 240_000 * scale, interval: 100 },
    );

  async function placesOf(): Promise<ScanPlace[]> {
    const [scan] = await world.sql<{ places: ScanPlace[] }[]>`
      select places from privacy_request_scan order by began_at desc limit 1`;
    return scan?.places ?? [];
  }

  /** Of everybody else's rows, to the byte. */
  const others = (target: WorldTarget, tokens: readonly string[]) => world.databases[target].sql`
    select count(*)::int as rows, md5(string_agg(md5(log::text), '' order by occurred_at, id)) as digest
    from public.audit_log as log
    where organization_id = 'o' and not (actor_token = any (${[...tokens]})) and details::text not like '%note%'`;

  /** Their events as somebody took them out before, and everybody's of one action. @returns where they stand */
  async function exportTheirs(tokens: readonly string[]): Promise<string> {
    const { eu } = world.audit;
    const options = { format: "ndjson" } as const;
    const range = { from: new Date(from), to: new Date(), restricted: [] };
    const files = { theirs: { actorTokens: tokens }, "of nobody": { action: "nothing.happened" } };
    for (const [name, filters] of Object.entries(files)) {
      const out = createWriteStream(path.join(exports, `${name}.ndjson`));
      await exportEvents(eu, { ...range, ...filters }, options, out, {
        signal: new AbortController().signal,
      });
    }
    const file = path.join(exports, "theirs.ndjson");
    expect(readFileSync(file, "utf8").split(person.email)).toHaveLength(clearOfTarget + 1);
    return file;
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
      const [eu, us] = await Promise.all(targets.map((target) => others(target, tokens)));
      const before = { eu, us };
      const exported = await exportTheirs(tokens);
      step("everybody else's rows are digested, theirs exported");

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
      step("scope is made");
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
      const left = await until(number, "verifying", ({ problem }) => problem !== null);
      step("carried out, and scanned once");
      expect(left.problem).toBe("left in 1 place");
      expect((await placesOf()).filter(({ ground, found }) => found > 0 && ground === null)).toMatchObject([
        { kind: "exports", where: exported, state: "found", found: clearOfTarget },
      ]);
      rmSync(exported);
      await world.succeed(adminActions.scanRequest, { request: number });
      await until(number, "responding");
      step("scanned again");
      const places = await placesOf();
      expect(places.filter(({ state, found }) => state === "unknown" || found > 0)).toEqual([]);
      expect(places.filter(({ kind }) => kind === "exports")).toMatchObject([{ state: "clean" }]);
      await world.succeed(adminActions.recordResponse, { request: number, channel: "email" });
      await world.succeed(adminActions.closeRequest, { request: number });
      const certificates = await vi.waitFor(
        async () => {
          const found = await getCertificates(world.console.db, number);
          expect(found).toHaveLength(1);
          return found;
        },
        { timeout: 60_000 * scale, interval: 100 },
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

      step("certified");
      await Promise.all(
        targets.map(async (target) => {
          const [leaves, now] = await Promise.all([
            countLeaves(world.databases[target].sql),
            others(target, tokens),
          ]);
          expect([target, leaves, now]).toEqual([
            target,
            { matches: eventsOfTarget - clearOfTarget, "matches, redacted": clearOfTarget },
            before[target],
          ]);
        }),
      );
      step("leaves and everybody else's rows are compared");
      await expectNowhere(bundle);
    },
    580_000 * scale,
  );

  async function expectNowhere(bundle: string) {
    const needles = identifiers.flatMap((one) => [one, Buffer.from(one).toString("hex")]);
    for (const one of needles) expect(bundle).not.toContain(one);
    for (const { sql, url } of [{ sql: world.sql, url: world.consoleUrl }, ...Object.values(world.databases)])
      if (server === 15) expect(await dumped(url, needles)).toEqual([]);
      else for (const one of needles) expect([one, await tablesHolding(sql, one)]).toEqual([one, []]);
    step("databases are searched");
    await redis.redis.save();
    await heapSnapshot();
    // What is there is found: the look is none at empty files.
    const there = (await filesHolding(folder, ["privacy.carry_out", "REDIS"])).join("\n");
    for (const file of ["heaps/", "logs/worker.log", "dump.rdb"]) expect(there).toContain(file);
    expect(await filesHolding(folder, needles)).toEqual([]);
    step("Redis, logs, exports and the worker's heap are searched");
  }

  /** Which of them a dump of a database holds. */
  async function dumped(url: string, needles: readonly string[]): Promise<string[]> {
    const dump = spawn("/usr/lib/postgresql/15/bin/pg_dump", [url], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(dump, "exit");
    const marker = "PostgreSQL database dump complete";
    const found = await textsIn(dump.stdout, [...needles, marker]);
    expect(await ended).toEqual([0, null]);
    expect(found.delete(marker)).toBe(true);
    return [...found];
  }

  /** Of the worker, once the scan's child has ended. */
  async function heapSnapshot(): Promise<void> {
    worker.kill("SIGUSR2");
    await vi.waitFor(
      () => {
        const [file] = readdirSync(heaps);
        if (!file) throw new Error("no snapshot yet");
        if (!readFileSync(path.join(heaps, file)).subarray(-100).toString().trimEnd().endsWith("}"))
          throw new Error("it is being written");
      },
      { timeout: 120_000, interval: 200 },
    );
  }
});
