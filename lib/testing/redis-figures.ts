import type { RedisFacts, SharedCacheStats } from "../audit-db/cache/types.ts";

/** A second level nobody has asked yet. */
export const noSharedStats: SharedCacheStats = {
  state: "up",
  since: new Date(0),
  reason: null,
  hits: 0,
  misses: 0,
  skipped: 0,
  timeouts: 0,
  errors: 0,
  writes: 0,
  refused: 0,
  plainBytes: 0,
  storedBytes: 0,
  waited: 0,
};

/** A Redis set up as a cache should be, a tenth full. */
export const redisServer: RedisFacts & { observedAt: Date; current: boolean } = {
  version: "7.0.15",
  mode: "standalone",
  usedBytes: 10,
  maxBytes: 100,
  policy: "allkeys-lru",
  evictedKeys: 0,
  rejectedConnections: 0,
  hits: 0,
  misses: 0,
  clients: 2,
  uptimeSeconds: 60,
  observedAt: new Date(0),
  current: true,
};
