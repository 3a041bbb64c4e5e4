import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { startRedis, startSentinel, type TestRedis } from "../../../testing/redis.ts";
import type { Drop, SharedEntry } from "../types.ts";
import { openRedisCache, type RedisCache } from "./redis-cache.ts";

const place = { target: "audit", name: "test.rows", ttlMs: 60_000 };
const caches: RedisCache[] = [];
let server: TestRedis;

beforeAll(async () => {
  server = await startRedis({ maxmemory: "64mb", "maxmemory-policy": "allkeys-lru" });
});
afterAll(() => server.stop());
beforeEach(() => server.redis.flushall());
afterEach(async () => {
  await Promise.all(caches.splice(0).map((cache) => cache.close()));
});

/** Patient, because the machine may be busy; who asks about impatience gives its own. */
async function open(url = server.url, softTimeoutMs = 3_000): Promise<RedisCache> {
  const cache = openRedisCache(url, { softTimeoutMs });
  caches.push(cache);
  await ready(cache);
  return cache;
}

async function ready(cache: RedisCache): Promise<void> {
  await vi.waitFor(() => expect(cache.stampOf("audit", [])).toBeDefined(), 30_000);
}

function entry(value: unknown, cache?: RedisCache): SharedEntry {
  const stamp = cache?.stampOf("audit", ["test.rows", "test"]) ?? "";
  return { value, observedAt: new Date(), costMs: 5, stamp };
}

test("what one process stores another reads, with a time to live on every key", async () => {
  const [a, b] = [await open(), await open()];
  const kept = entry({ rows: [{ at: new Date(0), n: 12n, text: "x".repeat(5_000) }] }, a);
  await a.set("k1", kept, place);
  expect(await b.get("k1")).toEqual(kept);
  expect(await b.get("k2")).toBeUndefined();
  expect(b.stats()).toMatchObject({ state: "up", reason: null, hits: 1, misses: 1 });
  expect(a.stats().storedBytes).toBeLessThan(a.stats().plainBytes / 5);
  const keys = await server.redis.keys("*");
  expect(keys.length).toBeGreaterThan(2);
  for (const key of keys) expect(await server.redis.pttl(key), key).toBeGreaterThan(0);
});

test("a value that cannot be read is a miss, one that is too large is refused", async () => {
  const cache = await open();
  await cache.set("k1", entry("text"), place);
  const [key] = (await server.redis.keys("*")).filter((name) => name.includes("answer"));
  await server.redis.set(key ?? "", Buffer.from([7, 1, 2, 3]), "PX", 10_000);
  expect(await cache.get("k1")).toBeUndefined();
  await cache.set("k2", entry(randomBytes(1024 * 1024 + 1)), place);
  expect(cache.stats()).toMatchObject({ refused: 1, writes: 1 });
  expect(await cache.get("k2")).toBeUndefined();
});

describe("a drop", () => {
  test("is heard by every process, marks what was read before, and empties Redis of it", async () => {
    const [a, b] = [await open(), await open()];
    const heard: Drop[] = [];
    b.listen((drop) => heard.push(drop));
    const before = entry("old", a);
    await a.set("k1", before, place);
    await a.set("k2", entry("other", a), { ...place, name: "other.rows" });
    await a.publish({ target: "audit", tags: ["test.rows"] });
    await vi.waitFor(() => expect(heard).toEqual([{ target: "audit", tags: ["test.rows"] }]), 20_000);
    for (const cache of [a, b]) {
      expect(cache.stampOf("audit", ["test.rows", "test"])).not.toBe(before.stamp);
      expect(cache.stampOf("audit", ["other.rows", "other"])).toBe(before.stamp);
    }
    expect(a.stampOf("audit", ["test.rows"])).toBe(b.stampOf("audit", ["test.rows"]));
    expect(await a.get("k1")).toBeUndefined();
    expect((await a.get("k2"))?.value).toBe("other");
    // Read before the drop, stored after it: it carries the old mark, so nobody takes it for true.
    await b.set("k1", before, place);
    expect((await b.get("k1"))?.stamp).not.toBe(b.stampOf("audit", ["test.rows", "test"]));
  });

  test("that a process was deaf to is heard once it listens again", async () => {
    const [a, b] = [await open(), await open()];
    const heard: Drop[] = [];
    b.listen((drop) => heard.push(drop));
    await server.redis.call("client", "kill", "type", "pubsub");
    await vi.waitFor(() => expect(b.stampOf("audit", [])).toBeUndefined(), 20_000);
    await a.publish({ target: "audit", tags: ["*"] });
    await Promise.all([ready(a), ready(b)]);
    expect(heard).toEqual([{ target: "audit", tags: ["*"] }]);
    expect(b.stampOf("audit", ["test.rows"])).toBe(a.stampOf("audit", ["test.rows"]));
  });

  test("of one key leaves the others", async () => {
    const cache = await open();
    await cache.set("k1", entry(1), place);
    await cache.set("k2", entry(2), place);
    await cache.publish({ target: "audit", keys: ["k1"] });
    expect(await cache.get("k1")).toBeUndefined();
    expect((await cache.get("k2"))?.value).toBe(2);
  });
});

test("what it holds is told by statement, with real sizes, without what Redis has evicted", async () => {
  const cache = await open();
  await cache.set("k1", entry("x"), place);
  await cache.set("k2", entry("y"), place);
  await cache.set("k3", entry("z"), { ...place, name: "test.more" });
  const sizes = await Promise.all(
    (await server.redis.keys("*answer*")).map((key) => server.redis.strlen(key)),
  );
  const { statements } = (await cache.contents("audit")) ?? { statements: [] };
  expect(Object.fromEntries(statements.map(({ name, entries }) => [name, entries]))).toEqual({
    "test.rows": 2,
    "test.more": 1,
  });
  expect(statements.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(sizes.reduce((a, b) => a + b, 0));
  await server.redis.del((await server.redis.keys("*answer*:k1"))[0] ?? "");
  expect((await cache.contents("audit"))?.statements).toContainEqual(
    expect.objectContaining({ name: "test.rows", entries: 1 }),
  );
  expect(await cache.contents("elsewhere")).toEqual({ statements: [], truncated: false });
});

test("Redis's own limit and policy are read", async () => {
  const cache = await open();
  expect(await cache.facts()).toMatchObject({
    maxBytes: 64 * 1024 * 1024,
    policy: "allkeys-lru",
    mode: "standalone",
    rejectedConnections: 0,
  });
});

test("one leads, the others wait for the answer; a lead that ran out is another's", async () => {
  const [a, b] = [await open(), await open()];
  const usable = (found: SharedEntry | undefined): found is SharedEntry => found !== undefined;
  const lead = await a.lead("k1", 60_000);
  expect(await b.lead("k1", 60_000)).toBeNull();
  const waiting = b.awaitAnswer("k1", 60_000, usable);
  await sleep(50);
  await a.set("k1", entry("theirs"), place);
  await lead?.release();
  expect((await waiting)?.value).toBe("theirs");
  expect(b.stats().waited).toBe(1);
  const short = await a.lead("k2", 30);
  await sleep(60);
  const next = await b.lead("k2", 60_000);
  expect(next).toBeTruthy();
  await short?.release();
  expect(await a.lead("k2", 60_000)).toBeNull();
  const began = performance.now();
  expect(await a.awaitAnswer("k2", 100, usable)).toBeUndefined();
  expect(performance.now() - began).toBeLessThan(10_000);
});

describe("trouble", () => {
  test("a Redis that hangs costs one soft timeout and then nothing, and is used again when it answers", async () => {
    const own = await startRedis();
    try {
      const cache = await open(own.url, 200);
      await cache.set("k1", entry(1), place);
      process.kill(own.pid(), "SIGSTOP");
      try {
        expect(await cache.get("k1")).toBeUndefined();
        expect(cache.stats()).toMatchObject({ state: "down", timeouts: 1 });
        const { skipped } = cache.stats();
        for (let i = 0; i < 1_000; i++) {
          expect(await cache.get("k1")).toBeUndefined();
          expect(cache.stampOf("audit", [])).toBeUndefined();
        }
        expect(cache.stats()).toMatchObject({ timeouts: 1, skipped: skipped + 1_000 });
        await expect(cache.publish({ target: "audit", tags: ["*"] })).rejects.toThrow();
      } finally {
        process.kill(own.pid(), "SIGCONT");
      }
      await ready(cache);
      expect((await cache.get("k1"))?.value).toBe(1);
    } finally {
      await own.stop();
    }
  });

  test("a Redis that is killed and comes back is used again; nothing is asked of it meanwhile", async () => {
    const own = await startRedis();
    try {
      const cache = await open(own.url);
      await own.kill();
      await vi.waitFor(() => expect(cache.stats().state).toBe("down"), 20_000);
      expect(await cache.get("k1")).toBeUndefined();
      expect(cache.stats().timeouts).toBe(0);
      expect(cache.stats().reason).toMatch(/connection is lost|nothing listens/);
      await own.restart();
      await ready(cache);
      await cache.set("k1", entry(2), place);
      expect((await cache.get("k1"))?.value).toBe(2);
    } finally {
      await own.stop();
    }
  });

  test("killed or frozen in the middle of a crowd, everybody gets an answer or nothing, and no error escapes", async () => {
    const own = await startRedis();
    const escaped: unknown[] = [];
    const note = (thrown: unknown) => escaped.push(thrown);
    process.on("uncaughtException", note).on("unhandledRejection", note);
    try {
      const cache = await open(own.url, 300);
      await cache.set("k1", entry(1), place);
      const crowd = () =>
        Promise.all(
          Array.from({ length: 300 }, async (_, i) => {
            if (i % 3 === 0) await cache.set(`w${i}`, entry(i), place);
            const found = await cache.get("k1");
            // Another caller's answer would be worse than none.
            if (found) expect(found.value).toBe(1);
          }),
        );
      const killed = crowd();
      await own.kill();
      await killed;
      await own.restart();
      await ready(cache);
      await cache.set("k1", entry(1), place);
      const frozen = crowd();
      process.kill(own.pid(), "SIGSTOP");
      await Promise.all([frozen, crowd()]);
      process.kill(own.pid(), "SIGCONT");
      await ready(cache);
      expect(escaped).toEqual([]);
    } finally {
      process.off("uncaughtException", note).off("unhandledRejection", note);
      await own.stop();
    }
  });

  test("a command that cannot be sent fails alone: its neighbours get their own answers", async () => {
    const escaped: unknown[] = [];
    const note = (thrown: unknown) => escaped.push(thrown);
    process.on("uncaughtException", note);
    try {
      const cache = await open();
      await server.redis.mset("a", "1", "b", "2", "c", "3");
      const answers = await cache.attempt(async (client) => {
        const first = client.get("a");
        // The client knows it from now on; a batch begun before does not, and threw at it.
        client.defineCommand("late", { numberOfKeys: 1, lua: "return redis.call('get', KEYS[1])" });
        const late = (client as unknown as { late(key: string): Promise<string> }).late("b");
        return Promise.all([first, late.catch(() => "failed"), client.get("c")]);
      });
      expect(answers).toEqual(["1", "2", "3"]);
      expect(escaped).toEqual([]);
    } finally {
      process.off("uncaughtException", note);
    }
  });

  test("one that was never there is said to be, without its password", async () => {
    const cache = openRedisCache("redis://:geheim@127.0.0.1:1");
    caches.push(cache);
    expect(await cache.get("k1")).toBeUndefined();
    await vi.waitFor(
      () =>
        expect(cache.stats()).toMatchObject({
          state: "down",
          reason: "nothing listens at that host and port",
        }),
      20_000,
    );
    expect(JSON.stringify(cache.stats())).not.toContain("geheim");
  });

  test("a wrong password is said to be one", async () => {
    const own = await startRedis({ requirepass: "right" });
    try {
      const cache = openRedisCache(own.url.replace("//", "//:wrong@"));
      caches.push(cache);
      await cache.get("k1");
      await vi.waitFor(
        () => expect(cache.stats().reason).toBe("the server refused the user or password"),
        20_000,
      );
      const right = await open(own.url.replace("//", "//:right@"));
      expect(right.stats().state).toBe("up");
    } finally {
      await own.stop();
    }
  });
});

test("opened and closed many times it leaves no socket and no timer", async () => {
  await sleep(100);
  const before = process.getActiveResourcesInfo().length;
  for (let i = 0; i < 20; i++) {
    const cache = openRedisCache(server.url);
    await ready(cache);
    await cache.close();
  }
  await vi.waitFor(() => expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before), 30_000);
});

test("behind a sentinel, and in a cluster, it works the same", async () => {
  const own = await startRedis();
  const sentinel = await startSentinel(own.port);
  const clustered = await startRedis({
    "cluster-enabled": "yes",
    "cluster-config-file": "nodes.conf",
    // A cluster of one has met nobody who could tell it its address.
    "cluster-announce-ip": "127.0.0.1",
  });
  try {
    await clustered.redis.call("cluster", "addslotsrange", "0", "16383");
    for (const url of [
      `redis+sentinel://127.0.0.1:${sentinel.port}/mymaster`,
      `redis+cluster://127.0.0.1:${clustered.port}`,
    ]) {
      const cache = await open(url);
      await cache.set("k1", entry("x", cache), place);
      await cache.set("k2", entry("y", cache), place);
      expect((await cache.get("k1"))?.value, url).toBe("x");
      expect((await cache.contents("audit"))?.statements[0]).toMatchObject({ entries: 2 });
      expect(await cache.facts()).toMatchObject({ policy: "noeviction", maxBytes: 0 });
      const lead = await cache.lead("k3", 1_000);
      expect(await cache.lead("k3", 1_000)).toBeNull();
      await lead?.release();
      await cache.publish({ target: "audit", tags: ["test"] });
      expect(await cache.get("k1"), url).toBeUndefined();
      expect((await cache.contents("audit"))?.statements).toEqual([]);
    }
  } finally {
    await Promise.all([own.stop(), sentinel.stop(), clustered.stop()]);
  }
});
