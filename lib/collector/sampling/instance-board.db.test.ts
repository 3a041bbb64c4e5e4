import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openRedisCache, type RedisCache } from "../../audit-db/cache/redis/redis-cache.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { noCacheStats } from "../../testing/no-cache-stats.ts";
import { startRedis, type TestRedis } from "../../testing/redis.ts";
import { consoleBoard, type InstanceNews, redisBoard } from "./instance-board.ts";

const startedAt = new Date("2026-01-01T00:00:00.123Z");
const news = (instanceId: string, hits = 0): InstanceNews => ({
  instanceId,
  kind: "web",
  host: "h",
  pid: 1,
  startedAt,
  engines: { audit: { pools: [], cache: { ...noCacheStats, hits } } },
});
let console: TestDatabase;
let redis: TestRedis;
let shared: RedisCache;

beforeAll(async () => {
  [console, redis] = await Promise.all([createDatabase({ template: "console" }), startRedis()]);
  shared = openRedisCache(redis.url, { softTimeoutMs: 2_000 });
  await vi.waitFor(async () => expect(await shared.attempt((client) => client.ping())).toBe("PONG"), 20_000);
});
afterAll(async () => {
  await shared.close();
  await Promise.all([redis.stop(), console.drop()]);
});

test("news stand in Redis, silent after 20 s by its clock, and in the console database while it is away", async () => {
  const stored = consoleBoard(console.sql);
  const board = redisBoard(shared, stored);
  await board.put(news("a", 1));
  await board.put(news("a", 2));
  await board.put(news("b"));
  expect(await stored.list()).toEqual([]);
  const listed = await board.list();
  expect(listed.map(({ instanceId, silent }) => [instanceId, silent])).toEqual([
    ["a", false],
    ["b", false],
  ]);
  expect(listed[0]).toMatchObject({ startedAt, engines: { audit: { cache: { hits: 2 } } } });
  for (const key of await redis.redis.keys("*")) expect(await redis.redis.ttl(key), key).toBeGreaterThan(0);

  const [seconds] = await redis.redis.time();
  await redis.redis.zadd("audit-db:instances", (Number(seconds) - 21) * 1_000, "b");
  expect((await board.list()).map(({ instanceId, silent }) => [instanceId, silent])).toEqual([
    ["b", true],
    ["a", false],
  ]);
  await redis.redis.zadd("audit-db:instances", (Number(seconds) - 3_700) * 1_000, "b");
  expect(await board.list()).toHaveLength(1);
  await board.tidy();
  expect(await redis.redis.zcard("audit-db:instances")).toBe(1);

  await redis.kill();
  await board.put(news("a", 3));
  expect((await board.list()).map(({ engines }) => engines.audit?.cache.hits)).toEqual([3]);
  await redis.restart();
  await vi.waitFor(async () => expect(await shared.attempt((client) => client.ping())).toBe("PONG"), 30_000);
  await board.put(news("a", 4));
  await board.put(news("c", 5));
  expect((await board.list()).map(({ engines }) => engines.audit?.cache.hits).sort()).toEqual([4, 5]);
  await board.remove("a");
  expect((await board.list()).map(({ instanceId }) => instanceId)).toEqual(["c"]);
  expect(await stored.list()).toEqual([]);
});

test("of a process that was told before Redis was there, and fell silent, the newest is listed", async () => {
  const stored = consoleBoard(console.sql);
  const board = redisBoard(shared, stored);
  await stored.put({ ...news("early"), session: null });
  await console.sql`
    update history.instance set heartbeat_at = heartbeat_at - interval '40 seconds' where instance_id = 'early'`;
  await board.put({ ...news("early"), session: 7 });
  const [seconds] = await redis.redis.time();
  await redis.redis.zadd("audit-db:instances", (Number(seconds) - 30) * 1_000, "early");
  const listed = async () => (await board.list()).find(({ instanceId }) => instanceId === "early");
  expect(await listed()).toMatchObject({ silent: true, session: 7 });
  await board.remove("early");
  expect(await listed()).toBeUndefined();
});
