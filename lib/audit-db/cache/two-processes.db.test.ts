import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Cluster, startCluster } from "../../testing/cluster.ts";
import { startRedis, type TestRedis } from "../../testing/redis.ts";
import { connect } from "../connect.ts";
import type { AuditDb, EngineConfig, ReadStatement } from "../types.ts";
import { openRedisCache, type RedisCache } from "./redis/redis-cache.ts";

/** Two engines with connections of their own to one Redis, as two processes have them. */
const logger = { debug() {}, info() {}, warn() {}, error() {} };
let cluster: Cluster;
let redis: TestRedis;
const opened: { engine: AuditDb; cache: RedisCache }[] = [];
let turn = 0;

beforeAll(async () => {
  [cluster, redis] = await Promise.all([startCluster(18), startRedis()]);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ engine, cache }) => engine.close().then(() => cache.close())));
});
afterAll(async () => {
  await redis.stop();
  await cluster.destroy();
});

async function open(config: Partial<EngineConfig> = {}): Promise<AuditDb> {
  const cache = openRedisCache(redis.url, { softTimeoutMs: 2_000 });
  const engine = connect({
    target: "test",
    urls: { watch: cluster.url },
    logger,
    sharedCache: cache,
    ...config,
  });
  opened.push({ engine, cache });
  await vi.waitFor(() => expect(cache.stampOf("test", [])).toBeDefined(), 30_000);
  return engine;
}

/** A statement nobody has asked before, that counts its runs. */
function counting(
  options: Partial<ReadStatement<number>> & { sleepSeconds?: number; until?: Promise<void> } = {},
) {
  const { sleepSeconds = 0, until, ...more } = options;
  const counted = { runs: 0 };
  const statement: ReadStatement<number> = {
    name: `test.count${turn++}`,
    source: "none",
    ttlMs: 60_000,
    run: async (sql) => {
      await sql`select pg_sleep(${sleepSeconds}::float8)`;
      await until;
      return ++counted.runs;
    },
    ...more,
  };
  return { statement, counted };
}

/** The second level is filled beside the answer, not before it. */
async function stored(engine: AuditDb, writes: number): Promise<void> {
  await vi.waitFor(() => expect(engine.stats().cache.shared?.writes).toBe(writes), 20_000);
}

test("what one process read the other need not; each says when it was read", async () => {
  const [a, b] = [await open(), await open()];
  const { statement, counted } = counting();
  const first = await a.read(statement);
  await stored(a, 1);
  expect(await b.read(statement)).toEqual(first);
  expect(await b.read(statement)).toEqual(first);
  expect(counted.runs).toBe(1);
  expect(b.stats().cache).toMatchObject({ misses: 0, sharedHits: 1, hits: 1 });
});

test("a sample takes nobody else's answer, and others may have its own", async () => {
  const [a, b] = [await open(), await open()];
  const { statement, counted } = counting();
  await a.read(statement);
  await stored(a, 1);
  expect((await b.read({ ...statement, own: true })).data).toBe(2);
  await stored(b, 1);
  expect((await (await open()).read(statement)).data).toBe(2);
  expect(counted.runs).toBe(2);
});

test("engines that read as another role, elsewhere or in another version share nothing", async () => {
  const { statement, counted } = counting();
  const a = await open();
  await a.read(statement);
  await stored(a, 1);
  const elsewhere = new URL(cluster.url);
  elsewhere.pathname = "/template1";
  for (const config of [{ urls: { watch: elsewhere.href } }, { version: "2" }])
    await (await open(config)).read(statement);
  expect(counted.runs).toBe(3);
});

describe("a drop", () => {
  test("by tag, topic, key or altogether reaches every process and the second level", async () => {
    const [a, b] = [await open(), await open()];
    const { statement, counted } = counting({ tags: ["of-customers"] });
    const both = async () => [(await a.read(statement)).data, (await b.read(statement)).data];
    expect(await both()).toEqual([1, 1]);
    for (const tag of [statement.name, "test", "of-customers", "*"]) {
      const before = counted.runs;
      await a.dropAnswers({ tags: [tag] });
      await vi.waitFor(() => expect(b.stats().cache.entries, tag).toBe(0), 20_000);
      await both();
      expect(counted.runs, tag).toBeGreaterThan(before);
    }
    const before = counted.runs;
    await b.dropAnswers({ tags: ["something.else"] });
    await sleep(50);
    await both();
    expect(counted.runs).toBe(before);
  });

  test("while a read is under way: who waits gets its answer, nobody later", async () => {
    const [a, b] = [await open(), await open()];
    const { promise: until, resolve: answer } = Promise.withResolvers<void>();
    const { statement, counted } = counting({ until });
    const waiting = a.read(statement);
    await vi.waitFor(() => expect(a.stats().cache.misses).toBe(1), 20_000);
    const heard = () =>
      opened.find(({ engine }) => engine === a)?.cache.stampOf("test", [statement.name, "test"]);
    const before = heard();
    await b.dropAnswers({ tags: [statement.name] });
    await vi.waitFor(() => expect(heard()).not.toBe(before), 20_000);
    answer();
    expect((await waiting).data).toBe(1);
    expect((await a.read(statement)).data).toBe(2);
    await stored(a, 1);
    expect((await b.read(statement)).data).toBe(2);
    expect(counted.runs).toBe(2);
  });
});

test("a dear read runs once, however many processes ask at the same time", async () => {
  const [a, b] = [await open(), await open()];
  const { statement, counted } = counting({ sleepSeconds: 0.25, ttlMs: 1 });
  await a.read(statement);
  await stored(a, 1);
  await sleep(5);
  const again = { ...statement, ttlMs: 60_000, maxAgeMs: 0 };
  // The first run's answer is too old by now for anybody.
  await a.dropAnswers({ tags: [statement.name] });
  await b.read(again);
  await stored(b, 1);
  await a.dropAnswers({ tags: [statement.name] });
  await vi.waitFor(() => expect(b.stats().cache.entries).toBe(0), 20_000);
  const before = counted.runs;
  const engines = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? a : b));
  const answers = await Promise.all(engines.map((engine) => engine.read(again)));
  expect(counted.runs).toBe(before + 1);
  expect(new Set(answers.map(({ data }) => data))).toEqual(new Set([before + 1]));
});

test("errors are kept nowhere", async () => {
  const [a, b] = [await open(), await open()];
  let fail = true;
  const { statement } = counting({
    run: async (sql) => (fail ? Number((await sql`select 1 / 0 as n`)[0]?.n) : 7),
  });
  await expect(a.read(statement)).rejects.toMatchObject({ cause: { message: "division by zero" } });
  await expect(b.read(statement)).rejects.toMatchObject({ cause: { message: "division by zero" } });
  fail = false;
  expect((await a.read(statement)).data).toBe(7);
});

test("past its time an old answer is given at once while a new one is fetched, up to a limit", async () => {
  const engine = await open();
  const { statement, counted } = counting({ sleepSeconds: 0.5, ttlMs: 100, revalidateMs: 5_000 });
  await engine.read(statement);
  await sleep(120);
  expect((await engine.read(statement)).data).toBe(1);
  expect(counted.runs).toBe(1);
  await vi.waitFor(() => expect(counted.runs).toBe(2), 20_000);
  expect((await engine.read({ ...statement, ttlMs: 60_000 })).data).toBe(2);
  await sleep(120);
  // Older than it may be shown: whoever asks waits.
  expect((await engine.read({ ...statement, revalidateMs: 0 })).data).toBe(3);
  expect(engine.stats().cache.revalidated).toBe(1);
});

test("no read fails because Redis is gone, and nothing is shared meanwhile", async () => {
  const [a, b] = [await open(), await open()];
  await redis.kill();
  try {
    const { statement, counted } = counting();
    for (let i = 0; i < 50; i++) {
      expect((await a.read(statement)).data).toBe(1);
      expect((await b.read(statement)).data).toBe(2);
    }
    expect(counted.runs).toBe(2);
    await expect(a.dropAnswers({ tags: ["*"] })).rejects.toThrow();
    expect(a.stats().cache.entries).toBe(0);
  } finally {
    await redis.restart();
  }
});

test("a process that starts while the database is away still knows what others knew", async () => {
  const a = await open();
  const { statement } = counting();
  const known = await a.read(statement);
  await stored(a, 1);
  await cluster.stop();
  try {
    const b = await open();
    const answer = await b.read(statement);
    expect(answer).toMatchObject({ data: 1, observedAt: known.observedAt });
    const late = await b.read({ ...statement, ttlMs: 0 });
    expect(late.stale?.reason).toBeTruthy();
  } finally {
    await cluster.start();
  }
});
