import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { closeTargets, findTarget } from "../audit-db/registry.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { getCacheSettings } from "../buffers/get-cache-settings.ts";
import { createHistory } from "../collector/history/history.ts";
import type { InstanceReport } from "../collector/types.ts";
import { closeConsoleDb, consoleDb } from "../db/console-db.ts";
import { openEngine } from "../engines/open-engine.ts";
import { closeSharedCache, openSharedCache } from "../engines/open-shared-cache.ts";
import type { Role } from "../env/sign-in-variables.ts";
import { env, replaceEnv } from "../env.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { judge } from "../testing/judge.ts";
import { findingsOf } from "../testing/look.ts";
import { addActor } from "../testing/people.ts";
import { startRedis, type TestRedis } from "../testing/redis.ts";
import { startTestJobs } from "../testing/start-test-jobs.ts";
import { runAdminAction } from "../verbs/run-admin-action.ts";
import { redisAway } from "./check-redis-away.ts";
import { redisMemory, redisNoeviction, redisUnlimited } from "./check-redis-memory.ts";
import { dropAnswers } from "./drop-answers.ts";
import { getCacheContents } from "./get-cache-contents.ts";
import { getQueryCache } from "./get-query-cache.ts";
import { answersJobs } from "./jobs.ts";
import type { SharedLevel } from "./query-cache-types.ts";
import { reachSharedCache } from "./reach-shared-cache.ts";
import { readRedisServer } from "./read-redis-server.ts";
import { redisSampler } from "./sample-redis.ts";

let database: TestDatabase;
let own: TestDatabase;
let redis: TestRedis;
let audit: AuditDb;
let worker: { stop(): Promise<void> };

beforeAll(async () => {
  [database, own, redis] = await Promise.all([
    createDatabase({ template: "empty" }),
    createDatabase({ template: "console" }),
    startRedis({ maxmemory: "64mb", "maxmemory-policy": "allkeys-lru" }),
  ]);
  replaceEnv({
    AUDIT_DATABASE_URL: await database.login(["pg_monitor"]),
    CONSOLE_DATABASE_URL: own.url,
    REDIS_URL: redis.url,
    LOG_LEVEL: "silent",
  });
  // Nothing is to go missing because this process was held up for a tenth of a second.
  openSharedCache({ softTimeoutMs: 3_000 });
  audit = openEngine(findTarget(env().targets, "audit"));
  await reachSharedCache();
  await vi.waitFor(() => expect(openSharedCache()?.stampOf("audit", [])).toBeDefined(), 30_000);
  worker = startTestJobs({ console: consoleDb(), url: own.url }, answersJobs, () => audit);
});
afterAll(async () => {
  await worker.stop();
  await closeTargets();
  await closeSharedCache();
  await closeConsoleDb();
  replaceEnv({});
  await Promise.all([redis.stop(), database.drop(), own.drop()]);
});

/** This process as it would report itself. */
async function instances(): Promise<InstanceReport[]> {
  const at = new Date();
  const engines = JSON.parse(JSON.stringify({ audit: audit.stats() }));
  return [
    {
      instanceId: "a",
      kind: "web",
      host: "h",
      pid: 1,
      startedAt: at,
      heartbeatAt: at,
      silent: false,
      engines,
    },
  ];
}
const context = () => ({ audit, instances, now: new Date(), history: createHistory(own.sql) });
const level = async () => (await getQueryCache(context())).data.redis as SharedLevel;
const answersIn = async () => (await redis.redis.keys("audit-db:answer:*")).length;

async function ask(): Promise<void> {
  await getCacheSettings(audit);
  await audit.read({ name: "queries.marker", ttlMs: 60_000, source: "none", run: (sql) => sql`select 1` });
  await vi.waitFor(async () => expect(await answersIn()).toBe(2), 20_000);
}

async function drop(role: Role, input: object) {
  const actor = await addActor(consoleDb(), role);
  const context = { console: consoleDb(), actor, auditTargets: ["audit"] };
  const asked = await runAdminAction(dropAnswers, context, { target: "audit", ...input });
  if (!asked.ok) return asked;
  const job = await vi.waitFor(async () => {
    const [row] = await own.sql`select state, result, error from job where id = ${asked.jobId ?? null}`;
    expect(["done", "failed"]).toContain(row?.state);
    return row;
  }, 30_000);
  return job?.state === "done" ? { ok: true, data: job.result } : { ok: false, error: job?.error };
}
const activity = () => own.sql`
  select outcome, target, object_id as object, object_name as name, detail from activity
  where action = 'cache.drop' order by id`;

test("the figures are Redis's own, and the contents those of both levels", async () => {
  await ask();
  const found = await level();
  const info = await redis.redis.info();
  const say = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1];
  expect(found).toMatchObject({
    state: "up",
    reason: null,
    processes: 1,
    reaching: 1,
    writes: 2,
    warnings: [],
  });
  expect(found.server).toMatchObject({
    version: say("redis_version"),
    maxBytes: 64 * 1024 * 1024,
    policy: "allkeys-lru",
    current: true,
  });
  expect(Math.abs((found.server?.usedBytes ?? 0) - Number(say("used_memory")))).toBeLessThan(2_000_000);
  expect(found.plainBytes).toBeGreaterThan(0);

  for (const check of [redisMemory, redisUnlimited, redisNoeviction])
    expect((await judge(check, audit, { kept: true })).objects).toMatchObject([{ state: "ok" }]);

  const { data } = await getCacheContents(context());
  expect(data.shared).toBe("counted");
  const sizes = await Promise.all(
    (await redis.redis.keys("audit-db:answer:*")).map((key) => redis.redis.strlen(key)),
  );
  const settings = data.statements.find(({ name }) => name === "caches.settings");
  expect(settings).toMatchObject({ topic: "caches", entries: 1, sharedEntries: 1, misses: 1 });
  expect(sizes).toContain(settings?.sharedBytes);
  expect(settings?.costMs).toBeGreaterThan(0);

  const { values } = await redisSampler.sample(audit, { instances });
  expect(values).toMatchObject({ "redis.maxBytes": 64 * 1024 * 1024, "redis.rejectedConnections": 0 });
});

test("INFO is asked once in a while, however many ask", async () => {
  const before = Number(/cmdstat_info:calls=(\d+)/.exec(await redis.redis.info("commandstats"))?.[1] ?? 0);
  await Promise.all(Array.from({ length: 50 }, () => readRedisServer()));
  const after = Number(/cmdstat_info:calls=(\d+)/.exec(await redis.redis.info("commandstats"))?.[1] ?? 0);
  // One of them is the question above.
  expect(after - before).toBeLessThanOrEqual(2);
});

test("a viewer may not drop anything, and that is on record", async () => {
  await ask();
  expect(await drop("viewer", { all: true })).toMatchObject({ ok: false, error: { code: "FORBIDDEN" } });
  expect(await answersIn()).toBe(2);
  expect(await activity()).toMatchObject([{ outcome: "refused", detail: { code: "FORBIDDEN" } }]);
});

test.each([
  ["a statement", { tag: "caches.settings" }, 1, { entriesHere: 1, entriesShared: 1 }],
  ["a topic", { tag: "queries" }, 1, { entriesHere: 1, entriesShared: 1 }],
  ["everything", { all: true }, 0, { entriesHere: 2, entriesShared: 2 }],
])("an operator drops %s from memory and Redis, on record", async (_what, input, left, counts) => {
  await ask();
  const before = (await activity()).length;
  const which = "tag" in input ? input.tag : "*";
  const result = await drop("operator", input);
  expect(result).toEqual({ ok: true, data: { which, ...counts } });
  expect(await answersIn()).toBe(left);
  expect(audit.stats().cache.entries).toBe(left);
  const asked = { outcome: "success", target: "audit", object: which, detail: { jobId: expect.any(String) } };
  expect((await activity()).slice(before)).toMatchObject([
    asked,
    { ...asked, detail: { which, ...counts, jobId: expect.any(String) } },
  ]);
});

test("one answer is dropped by its key", async () => {
  await ask();
  const [first] = await redis.redis.keys("audit-db:answer:*");
  const key = first?.split(":").at(-1);
  expect(await drop("operator", { key })).toMatchObject({
    ok: true,
    data: { which: key, entriesHere: null },
  });
  expect(await answersIn()).toBe(1);
});

test.each([{}, { tag: "a", all: true }, { tag: "a", key: "b" }, { tag: "" }])(
  "%j is refused",
  async (input) => {
    expect(await drop("operator", input)).toMatchObject({ ok: false, error: { code: "BAD_INPUT" } });
  },
);

test.each([
  {
    refusal: "a full Redis",
    make: ["config", "set", "maxmemory-policy", "noeviction", "maxmemory", "1"],
    undo: ["config", "set", "maxmemory-policy", "allkeys-lru", "maxmemory", "64mb"],
    says: /could not be told: Redis refuses it: OOM command not allowed/,
    advises: /^It is full and may not evict: raise its maxmemory, .+ Retry the job once Redis takes it\./,
  },
  {
    refusal: "a replica",
    make: ["replicaof", "127.0.0.1", "1"],
    undo: ["replicaof", "no", "one"],
    says: /could not be told: Redis refuses it: READONLY You can't write against a read only replica\.$/,
    advises: /^It is a replica: let REDIS_URL name the primary\. /,
  },
])("$refusal that refuses a drop is quoted, with what to do", async ({ make, undo, says, advises }) => {
  const call = ([command = "", ...given]: string[]) => redis.redis.call(command, ...given);
  await call(make);
  try {
    expect(await drop("operator", { tag: "caches" })).toMatchObject({
      ok: false,
      error: {
        code: "UNAVAILABLE",
        message: expect.stringMatching(says),
        hint: expect.stringMatching(advises),
      },
    });
  } finally {
    await call(undo);
  }
  expect((await drop("operator", { tag: "caches" })).ok).toBe(true);
});

test("while Redis is away the page says so, a drop says what it could not do, and all is well again after", async () => {
  await ask();
  const before = await level();
  await redis.kill();
  await vi.waitFor(async () => expect((await level()).state).toBe("down"), 30_000);
  const away = await level();
  expect(away.reason).toMatch(/connection is lost|nothing listens/);
  expect(Date.now() - (away.since?.getTime() ?? 0)).toBeLessThan(10_000);
  await vi.waitFor(async () => expect((await level()).server?.current).toBe(false), 30_000);
  // What was is still told, as what was.
  expect((await level()).server?.usedBytes).toBe(before.server?.usedBytes);
  expect((await redisSampler.sample(audit, { instances })).values).toEqual({});
  expect((await getCacheContents(context())).data.shared).toBe("away");
  const limits = { "answers.redis_away": { warning: 0.001, critical: null } };
  expect(await findingsOf([redisAway], { ...context(), limits })).toMatchObject([
    { check: "answers.redis_away", severity: "warning" },
  ]);
  expect(await findingsOf([redisAway], context())).toEqual([]);

  const entries = (await activity()).length;
  expect(audit.stats().cache.entries).toBe(2);
  const result = await drop("operator", { tag: "caches" });
  expect(result).toMatchObject({
    ok: false,
    error: {
      code: "UNAVAILABLE",
      message: expect.stringContaining("the other processes could not be told"),
      hint: expect.stringContaining("once Redis answers"),
    },
  });
  expect(audit.stats().cache.entries).toBe(1);
  expect((await activity()).slice(entries)).toMatchObject([
    { outcome: "success", object: "caches" },
    { outcome: "failed", object: "caches", target: "audit", detail: { code: "UNAVAILABLE", attempt: 1 } },
  ]);

  await redis.restart();
  await vi.waitFor(async () => expect((await level()).state).toBe("up"), 30_000);
  await vi.waitFor(async () => expect((await level()).server?.current).toBe(true), 30_000);
  expect(await findingsOf([redisAway], { ...context(), limits })).toEqual([]);
  expect((await drop("operator", { all: true })).ok).toBe(true);
});
