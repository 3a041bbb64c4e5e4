import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createHistory } from "../collector/history/history.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { type Catalogue, createCatalogue } from "../collector/sampling/catalogue.ts";
import { writeTotals } from "../collector/sampling/write-totals.ts";
import type { InstanceReport, TotalsSampler } from "../collector/types.ts";
import { closeSharedCache, openSharedCache } from "../engines/open-shared-cache.ts";
import { replaceEnv } from "../env.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { judge } from "../testing/judge.ts";
import { startRedis, type TestRedis } from "../testing/redis.ts";
import { redisDrop } from "./check-drop.ts";
import { redisMemory, redisNoeviction, redisUnlimited } from "./check-redis-memory.ts";
import { redisRejects } from "./check-redis-rejects.ts";
import { reachSharedCache } from "./reach-shared-cache.ts";
import { queryCacheSampler } from "./sample-query-cache.ts";
import { redisSampler } from "./sample-redis.ts";
import { sharedCacheSampler } from "./sample-shared-cache.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const target = "audit";
/** More than a drop is judged by, and more than five refusals a minute. */
const reads = 520;

let database: TestDatabase;
let store: TestDatabase;
let redis: TestRedis;
/** Engines as three processes have them, each with a memory of its own. */
let processes: [AuditDb, AuditDb, AuditDb];
let catalogue: Catalogue;
const end = Math.floor(Date.now() / 10_000) * 10_000;

/** A Redis as it comes out of the box, before anybody set a limit: the tests stand in the order of what happens to it. */
beforeAll(async () => {
  [database, store, redis] = await Promise.all([
    createDatabase({ template: "empty" }),
    createDatabase({ template: "console" }),
    startRedis(),
  ]);
  await createPartitions(store.sql, new Date(end));
  catalogue = createCatalogue(store.sql);
  replaceEnv({
    AUDIT_DATABASE_URL: database.url,
    CONSOLE_DATABASE_URL: store.url,
    REDIS_URL: redis.url,
    LOG_LEVEL: "silent",
  });
  // Each answer is counted: none may go missing because this process was held up for a tenth of a second.
  openSharedCache({ softTimeoutMs: 3_000 });
  await reachSharedCache();
  await vi.waitFor(() => expect(openSharedCache()?.stampOf(target, [])).toBeDefined(), 30_000);
  const sharedCache = openSharedCache();
  const open = () =>
    connect({ target, urls: { watch: database.url }, logger, ...(sharedCache && { sharedCache }) });
  processes = [open(), open(), open()];
});
afterAll(async () => {
  await Promise.all((processes ?? []).map((audit) => audit.close()));
  await closeSharedCache();
  replaceEnv({});
  await Promise.all([redis?.stop(), database?.drop(), store?.drop()]);
});

const startedAt = new Date();
const instances = async (): Promise<InstanceReport[]> =>
  processes.map((audit, i) => ({
    ...{ instanceId: String(i), kind: "web", host: "h", pid: i, silent: false },
    ...{ startedAt, heartbeatAt: new Date(), engines: { [target]: audit.stats() } },
  }));

async function ask(audit: AuditDb, what: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++)
    await audit.read({
      ...{ name: `test.${what}`, key: [i], ttlMs: 600_000, source: "none" },
      run: (sql) => sql`select 1`,
    });
}

const take = (sampler: TotalsSampler) => sampler.sample(processes[0], { instances });
type Sample = Awaited<ReturnType<typeof take>>;

/** Stores samples each 10 s of so many seconds until now: what stood then, by its age. */
async function store10s(
  sampler: TotalsSampler,
  seconds: number,
  at: (agoSeconds: number) => Sample,
  until = end,
) {
  for (let ago = seconds; ago > 0; ago -= 10) {
    const slot = until - ago * 1_000;
    const { values, countsSince } = at(ago);
    await writeTotals(store.sql, catalogue, {
      ...{ target, sampler, slot, at: slot, values },
      countsSince: countsSince ?? null,
    });
  }
}
/** No answer of the target is judged, and a Redis that is full cannot be told of a drop. */
const judging = (at = end) => ({
  history: createHistory(store.sql, () => at),
  now: new Date(at),
  kept: true as const,
});
/** Half an hour on, when what a check looks back at is over. */
const later = end + 1_800_000;

test("without maxmemory it may take all memory", async () => {
  const unlimited = await judge(redisUnlimited, processes[0]);
  expect(unlimited.objects).toMatchObject([
    { state: "notice", words: { title: "Redis has no memory limit." } },
  ]);
  expect((await judge(redisMemory, processes[0])).objects).toEqual([]);
  expect((await judge(redisNoeviction, processes[0])).objects).toMatchObject([{ state: "ok" }]);
});

test("emptied, it answers less than it did before, until it is filled again", async () => {
  const [first, second, third] = processes;
  const idle = await take(queryCacheSampler);
  await ask(first, "asked", reads);
  const asked = await take(queryCacheSampler);
  await vi.waitFor(() => expect(openSharedCache()?.stats().writes).toBe(reads), 20_000);
  await ask(second, "asked", reads);
  await ask(second, "asked", 1);
  const answered = await take(queryCacheSampler);
  await redis.redis.flushall();
  await ask(third, "asked", reads);
  const emptied = await take(queryCacheSampler);
  const grown = (name: string, from: Sample, to: Sample) => (to.values[name] ?? 0) - (from.values[name] ?? 0);
  expect(grown("queryCache.misses", idle, asked)).toBe(reads);
  expect(grown("queryCache.sharedHits", asked, answered)).toBe(reads);
  expect(grown("queryCache.misses", answered, emptied)).toBe(reads);
  await store10s(queryCacheSampler, 4_800, (ago) => (ago > 2_400 ? asked : ago > 600 ? answered : emptied));
  expect((await judge(redisDrop, third, judging())).objects).toMatchObject([
    { object: { kind: "cache", name: "Redis" }, state: "critical", value: 1 },
  ]);

  const { writes = 0 } = openSharedCache()?.stats() ?? {};
  await ask(first, "asked again", reads);
  await vi.waitFor(() => expect(openSharedCache()?.stats().writes).toBe(writes + reads), 20_000);
  const filled = await take(queryCacheSampler);
  await ask(third, "asked again", reads);
  const answers = await take(queryCacheSampler);
  await store10s(queryCacheSampler, 1_800, (ago) => (ago > 600 ? filled : answers), later);
  expect((await judge(redisDrop, third, judging(later))).objects).toMatchObject([
    { object: { kind: "cache", name: "Redis" }, state: "ok" },
  ]);
});

test("full and told not to make room, it refuses answers; beyond its clients it refuses connections", async () => {
  const [first] = processes;
  const before = [await take(redisSampler), await take(sharedCacheSampler)] as const;
  const used = Number(/^used_memory:(\d+)/m.exec(await redis.redis.info("memory"))?.[1]);
  await redis.redis.config("SET", "maxmemory", String(Math.floor(used * 0.9)));
  await redis.redis.config("SET", "maxclients", "1");
  await ask(first, "refused", 30);
  for (let i = 0; i < 3; i++) {
    const late = new Redis({ port: redis.port, lazyConnect: true, retryStrategy: null });
    late.on("error", () => {});
    await expect(late.connect().then(() => late.ping())).rejects.toThrow();
    late.disconnect();
  }
  // INFO is asked once in five seconds.
  await vi.waitFor(
    async () => expect((await take(redisSampler)).values["redis.rejectedConnections"]).toBe(3),
    { timeout: 30_000, interval: 200 },
  );
  const after = [await take(redisSampler), await take(sharedCacheSampler)] as const;
  const memory = (await judge(redisMemory, first, judging())).objects[0];
  expect(memory).toMatchObject({
    state: "warning",
    words: { detail: expect.stringContaining("new answers are refused") },
  });
  expect(memory?.value).toBeGreaterThan(1);
  expect((await judge(redisNoeviction, first, judging())).objects).toMatchObject([
    { state: "notice", words: { title: "Redis refuses new answers once it is full." } },
  ]);
  for (const [i, sampler] of [redisSampler, sharedCacheSampler].entries())
    await store10s(sampler, 320, (ago) => (ago > 100 ? before : after)[i] as Sample);
  const [rejects] = (await judge(redisRejects, first, judging())).objects;
  const commands =
    (after[1].values["sharedCache.errors"] ?? 0) - (before[1].values["sharedCache.errors"] ?? 0);
  expect(commands).toBeGreaterThanOrEqual(30);
  expect(rejects).toMatchObject({ state: "warning", value: expect.closeTo((commands + 3) / 5, 6) });
  expect(rejects?.words.detail).toContain(`3 connections and ${commands} commands in 5 min.`);

  await redis.redis.config("SET", "maxmemory", "64mb");
  await redis.redis.config("SET", "maxmemory-policy", "allkeys-lru");
  await redis.redis.config("SET", "maxclients", "100");
  const fine = async () => {
    const answers = [redisUnlimited, redisMemory, redisNoeviction].map((check) =>
      judge(check, first, { kept: true }),
    );
    return (await Promise.all(answers)).map(({ objects }) => objects.map(({ state }) => state));
  };
  await vi.waitFor(async () => expect(await fine()).toEqual([["ok"], ["ok"], ["ok"]]), 30_000);
  await ask(first, "taken again", 30);
  const mended = [await take(redisSampler), await take(sharedCacheSampler)] as const;
  for (const [i, sampler] of [redisSampler, sharedCacheSampler].entries())
    await store10s(sampler, 320, () => mended[i] as Sample, later);
  expect((await judge(redisRejects, first, judging(later))).objects).toMatchObject([
    { state: "ok", value: 0 },
  ]);
});
