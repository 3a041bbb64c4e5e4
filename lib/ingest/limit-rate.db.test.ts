import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openRedisCache } from "../audit-db/cache/redis/redis-cache.ts";
import { startRedis, type TestRedis } from "../testing/redis.ts";
import { createRateLimit } from "./limit-rate.ts";

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

test("with Redis the allowance is one for all processes, and while it is away one for each", async () => {
  const caches = [0, 1].map(() => openRedisCache(redis.url, { softTimeoutMs: 2_000 }));
  const [a, b] = caches.map((cache) => createRateLimit(10, cache)) as [
    ReturnType<typeof createRateLimit>,
    ReturnType<typeof createRateLimit>,
  ];
  try {
    for (const cache of caches)
      await vi.waitFor(
        async () => expect(await cache.attempt((client) => client.ping())).toBe("PONG"),
        20_000,
      );
    await a.take("token", 60);
    await expect(b.take("token", 60)).rejects.toMatchObject({ code: "RATE_LIMITED" });
    await b.take("other", 60);
    expect(caches[1]?.stats().state).toBe("up");
    await redis.kill();
    await b.take("token", 60);
    await expect(b.take("token", 60)).rejects.toMatchObject({ code: "RATE_LIMITED" });
  } finally {
    await Promise.all(caches.map((cache) => cache.close()));
  }
});
