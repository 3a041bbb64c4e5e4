import { expect, test } from "vitest";
import type { Check, Limits } from "../check.ts";
import { redisServer } from "../testing/redis-figures.ts";
import { judgeAway, redisAway } from "./check-redis-away.ts";
import { judgeMemory, judgeProblem, redisMemory } from "./check-redis-memory.ts";
import { judgeRejects, redisRejects } from "./check-redis-rejects.ts";
import { describeSharedLevel } from "./describe-shared-level.ts";
import type { RedisServer, SharedLevel } from "./query-cache-types.ts";

const now = new Date(60_000);
const level = (change: Partial<SharedLevel> = {}): SharedLevel => ({
  ...describeSharedLevel([], redisServer),
  state: "up",
  ...change,
});
const server = (change: Partial<RedisServer>): RedisServer => ({ ...redisServer, ...change });
const limits = (check: Check) => check.thresholds as Limits;

test("a Redis that is well is OK in everything", () => {
  expect(judgeAway(level(), now, limits(redisAway))).toMatchObject({ state: "ok", value: 0 });
  expect(judgeMemory(redisServer, limits(redisMemory)).state).toBe("ok");
  expect(judgeProblem(redisServer, "no_limit").state).toBe("ok");
  expect(judgeProblem(redisServer, "refuses").state).toBe("ok");
  expect(judgeRejects({ connections: 0, commands: 0 }, limits(redisRejects))).toMatchObject({
    object: { kind: "cache", name: "Redis" },
    state: "ok",
    value: 0,
  });
});

test("away is a warning since then, with why and what to do", () => {
  const since = new Date(5);
  const away = level({ state: "partly", since, reason: "the connection is lost", processes: 3, reaching: 2 });
  const found = judgeAway(away, new Date(30_005), limits(redisAway));
  expect(found).toMatchObject({
    state: "warning",
    value: 30,
    since,
    words: { title: "Redis is away: 1 of 3 processes do not reach it (the connection is lost)." },
  });
  expect(found.words.detail).toContain("REDIS_URL");
  // One slow answer is no outage.
  expect(judgeAway(level({ state: "down", since }), new Date(30_004), limits(redisAway)).state).toBe("ok");
});

test("full is a warning where it refuses, a notice where it makes room, and nothing below 90 %", () => {
  const memory = (change: Partial<RedisServer>) => judgeMemory(server(change), limits(redisMemory)).state;
  const full = { usedBytes: 91, maxBytes: 100 };
  expect(memory({ usedBytes: 89, maxBytes: 100 })).toBe("ok");
  expect(memory(full)).toBe("notice");
  expect(memory({ ...full, policy: "noeviction" })).toBe("warning");
  expect(judgeProblem(server({ ...full, policy: "noeviction" }), "refuses").state).toBe("notice");
});

test("no limit at all is a notice, and then it refuses nothing", () => {
  const boundless = server({ maxBytes: 0, policy: "noeviction" });
  expect(judgeProblem(boundless, "no_limit")).toMatchObject({
    state: "notice",
    words: { title: "Redis has no memory limit." },
  });
  expect(judgeProblem(boundless, "refuses").state).toBe("ok");
});

test("five refusals a minute, of connections and commands together", () => {
  expect(judgeRejects({ connections: 9, commands: 15 }, limits(redisRejects)).state).toBe("ok");
  expect(judgeRejects({ connections: 10, commands: 15 }, limits(redisRejects))).toMatchObject({
    state: "warning",
    value: 5,
    words: { title: "Redis turned away 5 requests a minute." },
  });
});
