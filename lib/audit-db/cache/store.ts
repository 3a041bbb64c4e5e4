import { LRUCache } from "lru-cache";
import { heapBytes } from "./heap-bytes.ts";
import type { CacheEntry, CacheLimits } from "./types.ts";

interface Held extends CacheEntry {
  name: string;
  tags: readonly string[];
}

export interface CacheStore {
  get(key: string): CacheEntry | undefined;
  set(key: string, entry: CacheEntry, name: string, tags: readonly string[]): void;
  /** Takes out what carries one of these tags; `undefined` takes out everything. */
  dropTags(tags: readonly string[] | undefined): void;
  dropKey(key: string): void;
  /** Entries and bytes by statement. */
  held(): Map<string, { entries: number; bytes: number }>;
  stats(): { evictions: number; refused: number; entries: number; bytes: number; maxBytes: number };
}

/**
 * The first cache level: least recently used, bounded by entries and by the heap they take (`heapBytes`). One answer
 * that would take more than a quarter of the room is refused.
 */
export function createCacheStore(limits: CacheLimits): CacheStore {
  const counters = { evictions: 0, refused: 0 };
  const maxEntrySize = Math.ceil(limits.maxBytes / 4);
  const entries = new LRUCache<string, Held>({
    max: limits.maxEntries,
    maxSize: limits.maxBytes,
    maxEntrySize,
    ttl: limits.staleMs,
    dispose: (_value, _key, reason) => {
      if (reason === "evict") counters.evictions++;
    },
  });
  return {
    get: (key) => entries.get(key),
    set(key, entry, name, tags) {
      const size = heapBytes(entry.value, maxEntrySize) + key.length + 300;
      if (size > maxEntrySize) {
        counters.refused++;
        entries.delete(key);
      } else entries.set(key, { ...entry, name, tags }, { size });
    },
    dropTags(tags) {
      if (!tags) return entries.clear();
      for (const [key, held] of entries.entries())
        if (held.tags.some((tag) => tags.includes(tag))) entries.delete(key);
    },
    dropKey: (key) => {
      entries.delete(key);
    },
    held() {
      const found = new Map<string, { entries: number; bytes: number }>();
      for (const [key, { value }] of entries.dump()) {
        const sum = found.get(value.name) ?? { entries: 0, bytes: 0 };
        sum.entries++;
        sum.bytes += entries.info(key)?.size ?? 0;
        found.set(value.name, sum);
      }
      return found;
    },
    stats: () => ({
      ...counters,
      entries: entries.size,
      bytes: entries.calculatedSize,
      maxBytes: limits.maxBytes,
    }),
  };
}
