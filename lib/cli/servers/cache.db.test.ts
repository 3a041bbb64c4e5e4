import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { answersJobs } from "../../answers/jobs.ts";
import { openRedisCache, type RedisCache } from "../../audit-db/cache/redis/redis-cache.ts";
import { connect } from "../../audit-db/connect.ts";
import type { AuditDb } from "../../audit-db/types.ts";
import { type ConsoleDb, openConsoleDb } from "../../db/console-db.ts";
import { closeSharedCache } from "../../engines/open-shared-cache.ts";
import { replaceEnv } from "../../env.ts";
import { openCommandLine } from "../../testing/command-line.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { startRedis, type TestRedis } from "../../testing/redis.ts";
import { startTestJobs } from "../../testing/start-test-jobs.ts";

const commandLine = openCommandLine();
const dataDir = mkdtempSync(path.join(tmpdir(), "audit-cli-cache-"));
let database: TestDatabase;
let own: TestDatabase;
let redis: TestRedis;
let console_: ConsoleDb;
let worker: { stop(): Promise<void> };
let shared: RedisCache;
let engine: AuditDb;
let environment: Record<string, string>;

beforeAll(async () => {
  [database, own, redis] = await Promise.all([
    createDatabase({ template: "empty" }),
    createDatabase({ template: "console" }),
    startRedis(),
  ]);
  const url = await database.login(["pg_monitor"]);
  environment = {
    DATA_DIR: dataDir,
    AUDIT_DATABASE_URL: url,
    CONSOLE_DATABASE_URL: own.url,
    REDIS_URL: redis.url,
  };
  shared = openRedisCache(redis.url, { softTimeoutMs: 3_000 });
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  engine = connect({ target: "audit", urls: { watch: url }, logger, sharedCache: shared });
  await vi.waitFor(() => expect(shared.stampOf("audit", [])).toBeDefined(), 30_000);
  replaceEnv({ AUDIT_DATABASE_URL: url, REDIS_URL: redis.url, LOG_LEVEL: "silent" });
  console_ = openConsoleDb(own.url, { max: 4 });
  worker = startTestJobs({ console: console_, url: own.url }, answersJobs, () => engine);
});
afterAll(async () => {
  await commandLine.close();
  await worker.stop();
  await console_.close();
  await closeSharedCache();
  replaceEnv({});
  await engine.close();
  await shared.close();
  await Promise.all([redis.stop(), database.drop(), own.drop()]);
  rmSync(dataDir, { recursive: true, force: true });
});

/** In another process, with a connection of its own to Redis. */
const run = (...args: string[]) => commandLine.run(["cache", ...args], { env: environment });

async function ask(): Promise<void> {
  for (const name of ["caches.settings", "queries.status"])
    await engine.read({ name, ttlMs: 60_000, source: "none", run: (sql) => sql`select 1 as one` });
  await vi.waitFor(async () => expect(await redis.redis.keys("audit-db:answer:*")).toHaveLength(2), 20_000);
}

test("lists what Redis holds, and drops a topic of it in the processes that run", async () => {
  await ask();
  const listed = await run("--json");
  expect([listed.code, listed.stderr]).toEqual([0, ""]);
  expect(JSON.parse(listed.stdout)).toMatchObject({
    target: "audit",
    shared: "counted",
    statements: expect.arrayContaining([
      expect.objectContaining({ name: "caches.settings", sharedEntries: 1 }),
    ]),
  });
  expect((await run("list")).stdout).toMatch(/caches\.settings +0 +0 B +1 /);

  const dropped = await run("drop", "caches");
  expect([dropped.code, dropped.stderr]).toEqual([0, ""]);
  expect(dropped.stdout).toBe(
    "The answers of caches (audit) are dropped in every process, 1 of them in Redis.\n",
  );
  expect(await redis.redis.keys("audit-db:answer:*")).toHaveLength(1);
  await vi.waitFor(() => expect(engine.stats().cache.entries).toBe(1), 20_000);
  const entries = await own.sql`
    select outcome, actor_kind, actor_name, target, object_id as object from activity order by id`;
  const entry = {
    outcome: "success",
    actor_kind: "system",
    actor_name: expect.stringContaining("command line"),
    target: "audit",
    object: "caches",
  };
  expect(entries).toEqual([entry, entry]);
});

test("drops everything with --all, and asks which when told neither or both", async () => {
  await ask();
  const begun = await run("drop", "queries", "--no-wait");
  expect(begun).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Job [0-9a-f-]{36} is begun\./) });
  expect((await run("drop", "--all")).code).toBe(0);
  expect(await redis.redis.keys("audit-db:answer:*")).toEqual([]);
  for (const args of [["drop"], ["drop", "caches", "--all"]])
    expect(await run(...args)).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("or --all"),
    });
});

test("status 7 and what to do, when the others could not be told", async () => {
  await redis.kill();
  const told = await run("drop", "--all");
  expect([told.code, told.stdout]).toEqual([7, ""]);
  expect(told.stderr).toMatch(/could not be told: Redis does not answer/);
  expect((await run()).stdout).toContain("Redis cannot be asked now");
});

test("without a worker it says after 10 s that none runs, with status 7 and the job that waits", async () => {
  await worker.stop();
  try {
    const dropped = await run("drop", "--all");
    expect(dropped.code).toBe(7);
    const [, id] = /No worker runs: job (\S+) waits for one\./.exec(dropped.stderr) ?? [];
    expect(dropped.stderr).toContain(`audit-db jobs watch ${id}`);
    expect(await own.sql`select name, state from job where id = ${id ?? null}`).toEqual([
      { name: "answers.drop", state: "waiting" },
    ]);
  } finally {
    worker = startTestJobs({ console: console_, url: own.url }, answersJobs, () => engine);
  }
});
