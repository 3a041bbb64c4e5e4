import { LRUCache } from "lru-cache";
import type { CacheLimits, CacheStats } from "../types.ts";

export interface CacheEntry {
  value: unknown;
  observedAt: Date;
}

export interface CacheStore {
  get(key: string): CacheEntry | undefined;
  set(key: string, entry: CacheEntry): void;
  clear(): void;
  count(event: "hits" | "misses" | "joined" | "staleServed"): void;
  stats(): CacheStats;
}

/** The first cache level: least recently used, bounded by entries and by bytes of serialised value. */
export function createCacheStore(limits: CacheLimits): CacheStore {
  const counters = { hits: 0, misses: 0, joined: 0, staleServed: 0, evictions: 0 };
  const entries = new LRUCache<string, CacheEntry>({
    max: limits.maxEntries,
    maxSize: limits.maxBytes,
    // One huge answer must not push out everything else.
    maxEntrySize: Math.ceil(limits.maxBytes / 4),
    ttl: limits.staleMs,
    sizeCalculation: (entry, key) => Buffer.byteLength(JSON.stringify(entry.value) ?? "") + key.length + 64,
    dispose: (_value, _key, reason) => {
      if (reason === "evict") counters.evictions++;
    },
  });
  return {
    get: (key) => entries.get(key),
    set: (key, entry) => {
      entries.set(key, entry);
    },
    clear: () => entries.clear(),
    count: (event) => {
      counters[event]++;
    },
    stats: () => ({
      ...counters,
      entries: entries.size,
      bytes: entries.calculatedSize,
      maxBytes: limits.maxBytes,
    }),
  };
}
