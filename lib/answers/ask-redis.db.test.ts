import { afterAll, beforeAll, expect, test } from "vitest";
import { startRedis, type TestRedis } from "../testing/redis.ts";
import { askRedis } from "./ask-redis.ts";
import { examineRedis } from "./capabilities.ts";

let redis: TestRedis;

beforeAll(async () => {
  redis = await startRedis({ maxmemory: "32mb", "maxmemory-policy": "allkeys-lru" });
  await redis.redis.config("SET", "requirepass", "hunter2");
});
afterAll(() => redis.stop());

const url = (password: string) => redis.url.replace("redis://", `redis://:${password}@`);

test("a Redis that answers is the second level, with its version, limit and policy", async () => {
  const [, version] = /redis_version:(.*?)\r/.exec(await redis.redis.info("server")) ?? [];
  const answer = await askRedis(url("hunter2"));
  expect(answer).toEqual({
    problem: null,
    version,
    mode: "standalone",
    maxBytes: 32 * 1024 * 1024,
    policy: "allkeys-lru",
  });
  const { state, evidence } = examineRedis(answer);
  expect([state, evidence]).toEqual([
    "present",
    `Redis ${version} (standalone) is the second level; maxmemory 32 MB, policy allkeys-lru`,
  ]);
});

test("a limit that is missing or refuses is told", () => {
  const answer = {
    problem: null,
    version: "7",
    mode: "standalone",
    maxBytes: 0,
    policy: "noeviction",
  } as const;
  expect(examineRedis(answer).evidence).toContain("grows until the machine is full");
  expect(examineRedis({ ...answer, maxBytes: 2 ** 20 }).evidence).toContain("refuses new answers");
});

test.each([
  ["nothing that listens", () => "redis://127.0.0.1:1", "it cannot be reached"],
  ["a wrong password", () => url("wrong"), "it cannot be reached"],
  ["a sentinel that is none", () => "redis+sentinel://127.0.0.1:1/main", "nothing answered within 1 s"],
  ["a cluster that is none", () => "redis+cluster://127.0.0.1:1", "it cannot be reached"],
  ["an address that cannot be read", () => "redis://a:b:c", "The Redis URL has a host that cannot be read."],
])("%s is missing, soon and without its password", async (_what, address, problem) => {
  const began = performance.now();
  const answer = await askRedis(address());
  // A second, and what busy cores add.
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(answer).toEqual({ problem });
  const { state, evidence, enable } = examineRedis(answer);
  expect(state).toBe("missing");
  expect(`${evidence} ${enable}`).not.toMatch(/hunter2|wrong/);
});

test("one that hangs is given 1 s", async () => {
  process.kill(redis.pid(), "SIGSTOP");
  try {
    expect(await askRedis(url("hunter2"))).toEqual({ problem: "nothing answered within 1 s" });
  } finally {
    process.kill(redis.pid(), "SIGCONT");
  }
});
