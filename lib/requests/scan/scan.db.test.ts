import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { adminActions } from "../../admin.ts";
import { openRedisCache } from "../../audit-db/cache/redis/redis-cache.ts";
import { confirmForgetting } from "../../engines/forgotten-answers.ts";
import { listProcessSessions } from "../../engines/process-session.ts";
import { replaceEnv } from "../../env.ts";
import { compileCache } from "../../testing/compile-cache.ts";
import { goOnToTheEnd, goOnUntil } from "../../testing/go-on.ts";
import { addJob } from "../../testing/jobs.ts";
import { type LossyProxy, startLossyProxy } from "../../testing/lossy-proxy.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";
import { startRedis, type TestRedis } from "../../testing/redis.ts";
import { moveTestRequest, openTestRequest } from "../../testing/requests.ts";
import { kill } from "../../testing/start-program.ts";
import { type RequestRow, requireRequest } from "../read-request.ts";
import type { ScanPlace } from "../scan-types.ts";
import { getScan } from "./get-scan.ts";
import { scanRequest } from "./scan-request.ts";

const root = path.resolve(import.meta.dirname, "../../..");

describe.each([15, 18] as const)("PostgreSQL %i", (server) => {
  /** What no version of the server changes is shown on one. */
  const testOnce: (name: string, run: () => Promise<void>) => void = server === 18 ? test : () => {};
  const person = `Lovelace.${server}.planted@example.test`;
  const folder = mkdtempSync(path.join(tmpdir(), "audit-scan-"));
  const log = path.join(folder, "logs", "web.log");
  let world: PrivacyWorld;
  let redis: TestRedis;
  let worker: ChildProcess;
  /** By which workers reach the one target. */
  let proxy: LossyProxy;
  let environment: Record<string, string>;

  beforeAll(async () => {
    [world, redis] = await Promise.all([startPrivacyWorld(server, { worker: false }), startRedis()]);
    proxy = await startLossyProxy(world.databases.us.url);
    const addresses = JSON.parse(world.environment.AUDIT_DATABASES ?? "{}");
    for (const [purpose, url] of Object.entries<string>(addresses.us)) addresses.us[purpose] = proxy.url(url);
    environment = {
      ...world.environment,
      AUDIT_DATABASES: JSON.stringify(addresses),
      REDIS_URL: redis.url,
      LOG_PATHS: path.join(folder, "logs"),
      EXPORT_PATHS: path.join(folder, "exports"),
      DATA_DIR: path.join(folder, "data"),
    };
    replaceEnv(environment);
    for (const name of ["logs", "exports", "data"]) mkdirSync(path.join(folder, name));
    writeFileSync(log, '{"msg":"nothing"}\n');
    worker = await startWorker();
  });
  afterAll(async () => {
    if (worker) await kill(worker);
    await world?.close();
    await redis?.stop();
    await proxy?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function startWorker(): Promise<ChildProcess> {
    const child = startProcess("lib/testing/work-requests.ts", world.consoleUrl);
    await once(child, "message");
    return child;
  }
  function startProcess(...program: string[]): ChildProcess {
    return spawn(process.execPath, program, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: { ...compileCache, NODE_ENV: "test", ...environment },
    });
  }
  async function verifying(
    more: Parameters<typeof openTestRequest>[1]["more"] = { targets: ["eu"] },
  ): Promise<RequestRow> {
    const identifiers = [{ kind: "email" as const, value: person }];
    const row = await openTestRequest(world, { kind: "erasure", person: { identifiers }, more });
    return moveTestRequest(world, row.number, "verifying");
  }
  async function scanned(row: RequestRow) {
    const begun = await world.run(scanRequest, { request: row.number });
    if (!begun.ok) throw new Error(begun.error.message);
    await world.settled();
    expect(await world.sql`select error from job where state = 'failed'`).toEqual([]);
    const scan = await getScan(world.console.db, row.number);
    if (!scan) throw new Error("there is no scan");
    return scan;
  }
  const left = (places: readonly ScanPlace[]) =>
    places.filter(({ found, state }) => found > 0 || state === "unknown");
  const stateOf = async (row: RequestRow) => (await requireRequest(world.console.db, row.id)).state;

  test("what is planted in each kind of place is found there, and is clean once it is gone", async () => {
    const row = await verifying();
    const clean = await scanned(row);
    expect(left(clean.places)).toEqual([]);
    expect(clean.listed).toBe(true);
    expect(await stateOf(row)).toBe("responding");
    const told = clean.places.map(({ kind }) => kind);
    for (const kind of [
      "target",
      "quarantine",
      "console",
      "jobs",
      "cache",
      "redis",
      "logs",
      "exports",
      "statements",
    ])
      expect(told).toContain(kind);
    // What nobody can look at is named with a ground, never called clean.
    for (const place of clean.places.filter(({ state }) => state === "found"))
      expect(place.ground).not.toBeNull();
    expect(clean.places).toContainEqual(
      expect.objectContaining({ where: "write-ahead log", sql: "CHECKPOINT;" }),
    );

    const { eu } = world.databases;
    const details = { note: `mailed ${person.toLowerCase()}` };
    await world.append("eu", "somebody", "minimal", 200, { details });
    await world.append("eu", "somebody", "standard", 20, { outcome: `sent to ${person}` });
    await world.append("eu", "somebody", "minimal", 201, { details, organizationId: "court" });
    await world.append("eu", "somebody", "unheard_of", 2, { details });
    await world.succeed(adminActions.placeHold, {
      name: "Case",
      reason: "a letter of the court",
      scope: { organizations: ["court"] },
    });
    await eu.sql`create table public.audit_log_old as select * from public.audit_log where organization_id = 'court'`;
    await eu.sql`grant select on public.audit_log_old to audit_reader`;
    await world.sql`
      insert into activity (id, at, actor_kind, actor_name, action, outcome, detail)
      values (gen_random_uuid(), now(), 'system', 'test', 'test.plant', 'success', ${`{"note": "${person}"}`}::text::jsonb)`;
    await world.sql`
      insert into activity (id, at, actor_kind, actor_name, action, target, outcome, detail)
      values (gen_random_uuid(), now(), 'system', 'test', 'events.export', 'eu', 'success', '{"bytes": 7, "rows": 1}')`;
    await world.sql`insert into settings (key, value) values ('planted', ${`{"to": "${person}"}`}::text::jsonb)`;
    await addJob(world.console, {
      name: "answers.drop",
      state: "done",
      finishedAt: new Date(),
      input: { tag: person },
    });
    await eu.sql`create extension if not exists pg_stat_statements`;
    // What is called once is thrown out first when files beside this one fill pg_stat_statements.
    for (let call = 0; call < 20; call++) await eu.sql.unsafe(`select 1 as "${person}"`);
    const session = postgres(eu.url, { max: 1 });
    await session.unsafe(`select 2 as "${person}"`);
    writeFileSync(log, `{"msg":"nothing"}\n{"msg":"${person}"}\n`);
    writeFileSync(path.join(folder, "exports", "events.csv.gz"), gzipSync(`id,who\n1,${person}\n`));
    await redis.redis.set("audit-db:planted", `{"who":"${person}"}`);
    await world.audit.eu.read({
      name: "test.answer",
      ttlMs: 60_000,
      source: "test",
      run: async () => person,
    });
    expect(world.audit.eu.stats().cache.entries).toBeGreaterThan(0);

    const again = await scanned(row);
    expect(again.listed).toBe(false);
    expect(await stateOf(row)).toBe("verifying");
    const found = (place: Partial<ScanPlace>) =>
      expect(left(again.places)).toContainEqual(expect.objectContaining({ state: "found", ...place }));
    found({
      kind: "target",
      found: 1,
      ground: null,
      where: expect.stringContaining("audit_log_minimal") as never,
    });
    found({
      kind: "target",
      found: 1,
      ground: "The floor of standard keeps it.",
      until: expect.stringMatching(/^20/) as never,
    });
    found({ kind: "target", found: 1, ground: expect.stringMatching(/^Legal hold #\d+\.$/) as never });
    found({ kind: "target", where: "public.audit_log_old", sql: "DROP TABLE public.audit_log_old;" });
    found({ kind: "quarantine", found: 1, ground: expect.stringContaining("unheard_of") as never });
    found({ kind: "console", where: "public.activity", ground: null });
    found({ kind: "console", where: "public.settings", ground: null });
    found({ kind: "jobs", where: "public.job", ground: null });
    found({
      kind: "statements",
      sql: expect.stringMatching(/^SELECT pg_stat_statements_reset\(\d+, \d+, -?\d+\);/) as never,
    });
    found({ kind: "statements", where: "pg_stat_activity" });
    found({ kind: "logs", where: log, found: 1, ground: null });
    found({ kind: "exports", where: path.join(folder, "exports", "events.csv.gz"), found: 1 });
    found({ kind: "redis", found: 1, ground: null });
    expect(again.places).toContainEqual(
      expect.objectContaining({
        kind: "exports",
        target: "eu",
        ground: expect.stringMatching(/^1 export of events/),
      }),
    );
    expect(JSON.stringify(again).toLowerCase()).not.toContain(person.toLowerCase());
    const kept = await world.sql`select checkpoint::text as text from job where name = 'privacy.scan'`;
    for (const { text } of kept) expect(text?.toLowerCase()).not.toContain(person.toLowerCase());

    await session.end();
    // Append-only: its owner alone takes something out.
    await world.sql`alter table activity disable trigger all`;
    await world.sql`delete from activity where action = 'test.plant'`;
    await world.sql`alter table activity enable trigger all`;
    await world.sql`delete from settings where key = 'planted'`;
    await world.sql`delete from job where input ->> 'tag' = ${person}`;
    await eu.sql`drop table public.audit_log_old`;
    writeFileSync(log, "");
    rmSync(path.join(folder, "exports", "events.csv.gz"));
    await redis.redis.del("audit-db:planted");
    await removeEvents("details ->> 'note' is not null and organization_id = 'o'");
    const last = await scanned(row);
    expect(last.listed).toBe(true);
    expect(left(last.places).map(({ kind, ground }) => [kind, ground === null])).not.toContainEqual([
      expect.anything(),
      true,
    ]);
    expect(await stateOf(row)).toBe("responding");
    await removeEvents("details ->> 'note' is not null or outcome is not null");
    // As the scan says that its owner does.
    for (const { kind, sql } of last.places)
      if (kind === "statements" && sql) for (const line of sql.split("\n")) await eu.sql.unsafe(line);
    expect(left((await scanned(row)).places)).toEqual([]);
  }, 240_000);

  testOnce("no process but the one that looks knows what it looks for, and that one ends", async () => {
    const row = await verifying();
    const release = await locked();
    await world.succeed(scanRequest, { request: row.number });
    const pid = await searching();
    for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)))
      for (const file of ["cmdline", "environ"]) {
        if (Number(name) === process.pid) continue;
        expect(read(`/proc/${name}/${file}`)).not.toContain(person);
      }
    expect(pid).toBeGreaterThan(0);
    await release();
    await world.settled();
    expect(await getScan(world.console.db, row.number)).toMatchObject({ state: "done", listed: true });
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), 30_000);
    const snapshot = path.join(folder, "heap.heapsnapshot");
    worker.send(snapshot);
    await once(worker, "message");
    const holds = async (text: string) => {
      let rest = "";
      for await (const piece of createReadStream(snapshot, "utf8")) {
        const here: string = rest + piece;
        if (here.toLowerCase().includes(text.toLowerCase())) return true;
        rest = here.slice(-500);
      }
      return false;
    };
    // The snapshot is one of the worker's: it knows the job, and not the person.
    expect(await holds("privacy.scan")).toBe(true);
    expect(await holds(person)).toBe(false);
  });

  testOnce(
    "a child that is killed is followed by another, a worker by one that goes on where it was",
    async () => {
      const row = await verifying();
      const release = await locked();
      await world.succeed(scanRequest, { request: row.number });
      const first = await searching();
      process.kill(first, "SIGKILL");
      const second = await searching(first);
      const steps = async () =>
        (
          await world.sql`select jsonb_array_length(checkpoint -> 'done') as n from job where state = 'running'`
        )[0]?.n ?? 0;
      const before = await steps();
      expect(before).toBeGreaterThan(5);
      await kill(worker);
      await vi.waitFor(() => expect(() => process.kill(second, 0)).toThrow(), 20_000);
      worker = await startWorker();
      await release();
      await vi.waitFor(
        async () => {
          const open = await world.sql`select from job where state in ('waiting', 'running')`;
          expect(open).toHaveLength(0);
        },
        { timeout: 90_000, interval: 200 },
      );
      const [job] = await world.sql`
      select state, attempt, jsonb_array_length(checkpoint -> 'done') as n from job where name = 'privacy.scan' order by id desc limit 1`;
      expect(job).toMatchObject({ state: "done", attempt: 2 });
      expect(job?.n).toBeGreaterThan(before);
      expect(await getScan(world.console.db, row.number)).toMatchObject({ state: "done", listed: true });
      expect(await stateOf(row)).toBe("responding");
    },
  );

  testOnce("a target that cannot be asked is unknown, and nothing is called clean for it", async () => {
    const row = await verifying({ targets: ["eu", "us"] });
    const { sql } = world.databases.us;
    await sql`revoke select on audit_log from audit_reader`;
    const scan = await scanned(row);
    await sql`grant select on audit_log to audit_reader`;
    expect(scan.places.filter(({ state }) => state === "unknown")).toMatchObject([
      { target: "us", ground: expect.stringContaining("may not read") },
    ]);
    expect(scan.listed).toBe(false);
    expect(await requireRequest(world.console.db, row.id)).toMatchObject({
      state: "verifying",
      problem: "1 place could not be looked at",
    });
    expect((await scanned(row)).listed).toBe(true);
  });

  testOnce(
    "a scan that fails says so on its request, which goes on from there and counts again",
    async () => {
      const row = await verifying();
      const { eu } = world.databases;
      await world.append("eu", "somebody", "standard", 20, { outcome: `sent to ${person}` });
      await eu.sql`revoke select on retention_policy from audit_reader`;
      await world.succeed(scanRequest, { request: row.number });
      await world.settled();
      await eu.sql`grant select on retention_policy to audit_reader`;
      const failed = await requireRequest(world.console.db, row.id);
      expect(failed).toMatchObject({ state: "failed", resumesAt: "verifying", problem: expect.any(String) });
      expect(await getScan(world.console.db, row.number)).toMatchObject({ state: "failed", listed: false });
      await world.sql`delete from job where state = 'failed'`;
      await world.succeed(adminActions.resumeRequest, { request: row.number });
      await world.settled();
      const scan = await getScan(world.console.db, row.number);
      expect(scan).toMatchObject({ state: "done", listed: true });
      expect(left(scan?.places ?? [])).toMatchObject([
        { found: 1, ground: "The floor of standard keeps it." },
      ]);
      expect(await stateOf(row)).toBe("responding");
      await removeEvents("outcome is not null");
    },
  );

  testOnce(
    "no scan ends before each process has confirmed that it forgot: one that is frozen is waited for, one that is killed is known to be gone",
    async () => {
      const row = await verifying();
      const web = startProcess("lib/testing/serve-web.ts");
      const killed = startProcess("lib/worker.ts");
      // Of the version before, which has no session: one lives, the other has been silent for long.
      await world.sql`
        insert into history.instance (instance_id, kind, host, pid, started_at, heartbeat_at, engines)
        values (gen_random_uuid(), 'web', 'elsewhere', 4711, now(), now() + interval '1 minute', '{}'),
               (gen_random_uuid(), 'web', 'elsewhere', 4712, now(), now() - interval '11 minutes', '{}')`;
      try {
        await vi.waitFor(
          async () => {
            const pids = (await listProcessSessions(world.sql)).map(({ pid }) => pid);
            expect(pids.toSorted()).toEqual([web.pid, killed.pid, worker.pid].toSorted());
            const news = await Promise.all(
              (await redis.redis.keys("audit-db:instance:*")).map((key) => redis.redis.get(key)),
            );
            expect(news.filter((text) => typeof JSON.parse(text ?? "{}").session === "number")).toHaveLength(
              2,
            );
          },
          { timeout: 30_000, interval: 50 },
        );
        web.kill("SIGSTOP");
        await kill(killed);
        // What the clock began there nobody does here.
        await world.sql`delete from job where name not like 'privacy.%'`;
        await world.succeed(scanRequest, { request: row.number });
        const waiting = await notFinished(row);
        const frozen = `web ${web.pid} on ${hostname()}`;
        await waitsFor(row, waiting, (problem) =>
          expect(problem).toBe(
            `not finished: ${frozen}, web 4711 on elsewhere have not confirmed that cached answers are forgotten`,
          ),
        );
        web.kill("SIGCONT");
        const other = confirmForgetting(
          { url: world.consoleUrl, sql: world.console.sql },
          () => [{ forgetAnswers: () => 12 }],
          { kind: "web", self: { host: "elsewhere", pid: 4711 }, onError() {} },
        );
        await vi.waitFor(() => expect(other.backend()).not.toBeNull(), 20_000);
        await goOnToTheEnd(world.console, waiting);
        await other.stop();
        const scan = await getScan(world.console.db, row.number);
        expect(scan).toMatchObject({ state: "done", listed: true });
        expect(await requireRequest(world.console.db, row.id)).toMatchObject({
          state: "responding",
          problem: null,
        });
        const caches = (scan?.places ?? []).filter(({ kind }) => kind === "cache");
        const told = (where: string, more: Partial<ScanPlace>) =>
          expect(caches).toContainEqual(
            expect.objectContaining({ where: expect.stringMatching(new RegExp(`^${where}`)), ...more }),
          );
        expect(caches).toHaveLength(5);
        told(`this process \\(${worker.pid}\\), \\d+ answers? forgotten, confirmed 20`, { state: "clean" });
        told(`${frozen}, \\d+ answers? forgotten, confirmed 20`, { state: "clean" });
        told("web 4711 on elsewhere, 12 answers forgotten, confirmed 20", { state: "clean" });
        told("web 4712 on elsewhere, silent since 20", { ground: expect.stringContaining("or is stopped") });
        told(`worker ${killed.pid} on ${hostname()}, silent since 20`, {
          ground: expect.stringContaining("session with the console's database ended"),
        });
      } finally {
        await Promise.all([kill(web), kill(killed)]);
        await world.sql`delete from history.instance`;
        await redis.redis.del("audit-db:instances");
      }
    },
  );

  testOnce(
    "while Redis or a target is frozen or gone the scan says that it waits for it, and no answer is left there after it",
    async () => {
      const row = await verifying({ targets: ["eu", "us"] });
      const shared = openRedisCache(redis.url);
      const kept = () => {
        const entry = { value: person, observedAt: new Date(), costMs: 1, stamp: "" };
        const place = { target: "eu", name: "test.answer", ttlMs: 600_000 };
        return vi.waitFor(async () => {
          await shared.set("an answer", entry, place);
          expect(await shared.get("an answer")).toBeDefined();
        }, 20_000);
      };
      process.kill(redis.pid(), "SIGSTOP");
      const thaw = proxy.freeze();
      await world.succeed(scanRequest, { request: row.number });
      const waiting = await notFinished(row);
      await waitsFor(row, waiting, (problem) => {
        const [answers, target, ...more] = problem?.split("; ") ?? [];
        expect(answers).toMatch(
          /^not finished: answers that processes share could not be dropped. Redis does not answer: /,
        );
        expect([target, more]).toEqual(["us is unreachable: the server does not answer.", []]);
      });
      thaw();
      await redis.kill();
      await redis.restart();
      // As one that keeps its data on disk has them again.
      await kept();
      await goOnToTheEnd(world.console, waiting);
      expect(await getScan(world.console.db, row.number)).toMatchObject({ state: "done", listed: true });
      expect(await requireRequest(world.console.db, row.id)).toMatchObject({
        state: "responding",
        problem: null,
      });
      expect(await shared.get("an answer")).toBeUndefined();
      await shared.close();
    },
  );

  /** Waits until a scan has given its place back. @returns its job */
  async function notFinished(row: RequestRow): Promise<string> {
    return vi.waitFor(
      async () => {
        const [job] = await world.sql`
          select id::text from job
          where name = 'privacy.scan' and input ->> 'request' = ${row.id} and state = 'waiting' and attempt > 0`;
        expect(job).toBeDefined();
        expect(await stateOf(row)).toBe("verifying");
        return job?.id;
      },
      { timeout: 60_000, interval: 50 },
    );
  }

  /** Waits until a scan says so, which goes on as often as busy cores had it wait for something else as well. */
  const waitsFor = (row: RequestRow, job: string, told: (problem: string | null) => void) =>
    goOnUntil(world.console, job, async () => told((await requireRequest(world.console.db, row.id)).problem));

  /** A table that every scan reads, held so that the one that looks stands there. */
  async function locked(): Promise<() => Promise<void>> {
    const sql = postgres(world.consoleUrl, { max: 1, onnotice: () => {} });
    await sql`begin`;
    await sql`lock table telling_thread in access exclusive mode`;
    return async () => {
      await sql`rollback`;
      await sql.end();
    };
  }

  /** Waits until a child stands at that table. @returns its process id */
  async function searching(other = 0): Promise<number> {
    return vi.waitFor(
      async () => {
        const waiting = await world.sql`
          select from pg_stat_activity where wait_event_type = 'Lock' and query ilike '%pg_relation_size%' and datname = current_database()`;
        expect(waiting.length).toBeGreaterThan(0);
        const pid = readdirSync("/proc")
          .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== other)
          .find(
            (entry) =>
              read(`/proc/${entry}/cmdline`).includes("search-child.ts") &&
              read(`/proc/${entry}/stat`).split(") ")[1]?.split(" ")[1] === String(worker.pid),
          );
        expect(pid).toBeDefined();
        return Number(pid);
      },
      { timeout: 60_000, interval: 50 },
    );
  }

  async function removeEvents(where: string): Promise<void> {
    const { sql } = world.databases.eu;
    for (const table of ["audit_log", "audit_quarantine"]) {
      const parts = await sql<{ name: string }[]>`
        select relid::regclass::text as name from pg_partition_tree(${`public.${table}`}::regclass) where isleaf
        union select ${table} where ${table} = 'audit_quarantine'`;
      for (const { name } of parts) {
        await sql.unsafe(`alter table ${name} disable trigger all`);
        await sql.unsafe(`delete from ${name} where ${where}`);
        await sql.unsafe(`alter table ${name} enable always trigger all`).catch(() => {});
      }
    }
  }
});

/** Empty where the process is gone, or another's. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
