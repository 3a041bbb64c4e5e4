import { openRedisCache, type RedisCache } from "../audit-db/cache/redis/redis-cache.ts";
import { env } from "../env.ts";

const held = globalThis as typeof globalThis & { auditDashboardSharedCache?: RedisCache };

/**
 * This process's second cache level, one for all targets; undefined without REDIS_URL. Connects on first use.
 * @param options what the first call opens it with
 */
export function openSharedCache(options?: { softTimeoutMs?: number }): RedisCache | undefined {
  const { REDIS_URL: url } = env();
  if (url) held.auditDashboardSharedCache ??= openRedisCache(url, options);
  return held.auditDashboardSharedCache;
}

/** Ends its connections, if it was opened. */
export async function closeSharedCache(): Promise<void> {
  const cache = held.auditDashboardSharedCache;
  delete held.auditDashboardSharedCache;
  await cache?.close();
}
