import { expect, test } from "vitest";
import { redisServer } from "../testing/redis-figures.ts";
import { describeSharedLevel } from "./describe-shared-level.ts";
import { judgeRedis } from "./judge-redis.ts";
import type { RedisServer, SharedLevel } from "./query-cache-types.ts";

const now = new Date(60_000);
const none = { connections: 0, commands: 0 };
const level = (server: Partial<RedisServer> = {}, change: Partial<SharedLevel> = {}): SharedLevel => ({
  ...describeSharedLevel([], { ...redisServer, ...server }),
  state: "up",
  ...change,
});
const found = (of: SharedLevel, refusals = none) =>
  judgeRedis(of, refusals, now).map(({ check, severity }) => [check, severity]);

test("nothing is found in a Redis that is well, nor in one that nobody has asked", () => {
  expect(found(level())).toEqual([]);
  expect(found(level({}, { state: "connecting", server: null }))).toEqual([]);
});

test("away is a warning since then, with why and what to do", () => {
  const since = new Date(5);
  const [finding] = judgeRedis(
    level({}, { state: "partly", since, reason: "the connection is lost", processes: 3, reaching: 2 }),
    none,
    new Date(30_005),
  );
  expect(finding).toMatchObject({
    check: "caches.redisAway",
    severity: "warning",
    since,
    title: "Redis is away: 1 of 3 processes do not reach it (the connection is lost).",
    path: "caches",
  });
  expect(finding?.detail).toContain("REDIS_URL");
  // One slow answer is no outage.
  expect(judgeRedis(level({}, { state: "down", since }), none, new Date(30_004))).toEqual([]);
});

test("full is a warning where it refuses, a notice where it makes room, and nothing below 90 %", () => {
  const full = { usedBytes: 91, maxBytes: 100 };
  expect(found(level({ usedBytes: 89 }))).toEqual([]);
  expect(found(level(full))).toEqual([["caches.redisMemory", "notice"]]);
  expect(found(level({ ...full, policy: "noeviction" }))).toEqual([
    ["caches.redisMemory", "warning"],
    ["caches.redisLimits", "notice"],
  ]);
});

test("no limit at all is a notice; last known figures are no findings", () => {
  expect(found(level({ maxBytes: 0, policy: "noeviction" }))).toEqual([["caches.redisLimits", "notice"]]);
  expect(found(level({ maxBytes: 0, usedBytes: 99, current: false }))).toEqual([]);
});

test("more than five refusals a minute, of connections and commands together", () => {
  expect(found(level(), { connections: 10, commands: 15 })).toEqual([]);
  expect(found(level(), { connections: 11, commands: 15 })).toEqual([["caches.redisRejects", "warning"]]);
});
