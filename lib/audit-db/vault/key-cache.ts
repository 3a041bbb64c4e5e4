import { LRUCache } from "lru-cache";
import { type DataKey, dataKeyOf } from "./personal.ts";
import type { MasterKeys, StoredKey, VaultStats } from "./types.ts";

export interface KeyCacheOptions {
  masterKeys: Pick<MasterKeys, "unwrap">;
  /** Default 10,000. */
  maxKeys?: number | undefined;
  /** How long a process may use a key after it was erased elsewhere and the message was lost; at most 60 s. */
  ttlMs?: number | undefined;
}

/** When the key store was asked, and how many evictions had come until then. */
export interface Asked {
  at: number;
  evictions: number;
}

const longestTtlMs = 60_000;

/**
 * Data keys in memory, bounded in number and for at most 60 s: that is how long an erasure waits before it destroys a key.
 * A key that goes is overwritten.
 */
export function createKeyCache({ masterKeys, maxKeys = 10_000, ttlMs = longestTtlMs }: KeyCacheOptions) {
  const limits = { max: maxKeys, ttl: Math.min(ttlMs, longestTtlMs), updateAgeOnGet: false };
  const byToken = new LRUCache<string, DataKey>({ ...limits, dispose: ({ key }) => key.fill(0) });
  const tokenByName = new LRUCache<string, string>(limits);
  const counters = { hits: 0, misses: 0 };
  let evictions = 0;

  /** The cached key itself: an eviction zeroes it, so it may not be held over an `await`. */
  function peek(name: string): DataKey | undefined {
    const token = tokenByName.get(name);
    return token === undefined ? undefined : byToken.get(token);
  }

  function copyOf(entry: DataKey | undefined): DataKey | undefined {
    if (entry) counters.hits++;
    else counters.misses++;
    return entry && { ...entry, key: Buffer.from(entry.key) };
  }

  return {
    /** Before the key store is asked. */
    ask: (): Asked => ({ at: performance.now(), evictions }),
    /** The cached keys themselves of what they seal, all or none; not to be held over an `await`. */
    peekAll(names: readonly string[]): DataKey[] | null {
      const keys: DataKey[] = [];
      for (const name of names) {
        const key = peek(name);
        if (!key) return null;
        keys.push(key);
      }
      counters.hits += keys.length;
      return keys;
    },
    /** A copy, the caller's own to overwrite. */
    named: (name: string) => copyOf(peek(name)),
    /** The same by token. */
    find: (token: string) => copyOf(byToken.get(token)),
    /**
     * Opens a key and keeps it for a TTL counted from `asked`, when the store was asked: not after an eviction meanwhile.
     * @param name what it seals; left out for a key that only opens
     * @returns the caller's own copy; null for a key that is gone
     */
    async open(
      { token, keyId, wrappedKey, masterKeyId }: StoredKey,
      asked: Asked,
      name?: string,
    ): Promise<DataKey | null> {
      if (!wrappedKey || !masterKeyId) return null;
      const key = await masterKeys.unwrap({ wrappedKey, masterKeyId }, token);
      const entry = dataKeyOf(token, keyId, key);
      if (evictions !== asked.evictions) return entry;
      const start = { start: asked.at };
      byToken.set(token, entry, start);
      if (name !== undefined) tokenByName.set(name, token, start);
      return { ...entry, key: Buffer.from(key) };
    },
    evict(tokens: readonly string[]) {
      evictions++;
      for (const token of tokens) byToken.delete(token);
      // A kept key is in memory again once somebody is shown what it opens, and must seal nothing more.
      for (const [name, token] of tokenByName.entries()) if (tokens.includes(token)) tokenByName.delete(name);
    },
    stats: (): VaultStats => ({ keys: byToken.size, maxKeys, ...counters }),
    clear() {
      byToken.clear();
      tokenByName.clear();
    },
  };
}
