import type { CacheStats } from "../audit-db/cache/types.ts";

/** A cache nobody has asked yet. */
export const noCacheStats: CacheStats = {
  hits: 0,
  misses: 0,
  joined: 0,
  sharedHits: 0,
  revalidated: 0,
  staleServed: 0,
  evictions: 0,
  refused: 0,
  entries: 0,
  bytes: 0,
  maxBytes: 10,
  statements: [],
  shared: null,
};
