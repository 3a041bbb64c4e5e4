/** One answer, as both levels keep it. */
export interface CacheEntry {
  value: unknown;
  /** When its run on the server began. */
  observedAt: Date;
  /** How long it ran. */
  costMs: number;
}

/** What the first level may hold, and for how long. */
export interface CacheLimits {
  maxEntries: number;
  maxBytes: number;
  /** How long an expired value may still be shown as stale while its source is down. */
  staleMs: number;
}

/** Everything (`tags: ["*"]`), everything with one of these tags, or these very entries of a target are no longer true. */
export interface Drop {
  target: string;
  tags?: readonly string[] | undefined;
  keys?: readonly string[] | undefined;
}

/** Tells every process what is no longer true. */
export interface DropChannel {
  /** @throws when the others could not be told */
  publish(drop: Drop): Promise<void>;
  /** Also told of this process's own; returns its own removal. */
  listen(listener: (drop: Drop) => void): () => void;
}

export const everything = "*";

/** A lead on a read that others wait for. */
export interface Lead {
  /** The answer is stored, or there will be none. */
  release(): Promise<void>;
}

/**
 * The second level: answers that processes share. Nothing here throws or waits longer than a soft timeout; whatever
 * is wrong with it, it only knows no answer.
 */
export interface SharedCache extends DropChannel {
  /** The entry and whether it was stored since the last drop of its tags; undefined when there is none to be had. */
  get(key: string): Promise<SharedEntry | undefined>;
  set(key: string, entry: SharedEntry, place: SharedPlace): Promise<void>;
  /**
   * Marks the state of these tags: an entry whose mark is another was read before a drop. Undefined while drops cannot
   * be heard; nothing may be taken from or put into the cache then.
   */
  stampOf(target: string, tags: readonly string[]): string | undefined;
  /** Makes the caller the only one who runs this read, for so long at most; null: somebody else is. Undefined: unknown. */
  lead(key: string, forMs: number): Promise<Lead | null | undefined>;
  /** Waits for a usable answer of whoever leads; undefined when there is none in time. */
  awaitAnswer(
    key: string,
    forMs: number,
    usable: (entry: SharedEntry | undefined) => entry is SharedEntry,
  ): Promise<SharedEntry | undefined>;
  /** What it holds of a target, by statement; undefined when it cannot be asked. */
  contents(target: string): Promise<SharedContents | undefined>;
  /** The server's own limits and use; undefined when it cannot be asked. */
  facts(): Promise<RedisFacts | undefined>;
  stats(): SharedCacheStats;
  close(): Promise<void>;
}

export interface SharedEntry extends CacheEntry {
  stamp: string;
}

export interface SharedPlace {
  target: string;
  /** The statement's name. */
  name: string;
  ttlMs: number;
}

export interface SharedContents {
  statements: { name: string; entries: number; bytes: number }[];
  /** There is more than was counted. */
  truncated: boolean;
}

/** From INFO. */
export interface RedisFacts {
  version: string;
  mode: string;
  usedBytes: number;
  /** 0: no limit of its own. */
  maxBytes: number;
  policy: string;
  evictedKeys: number;
  /** Connections refused for want of places. */
  rejectedConnections: number;
  hits: number;
  misses: number;
  clients: number;
  uptimeSeconds: number;
}

/** Of this process since it opened the second level. Counters never fall. */
export interface SharedCacheStats {
  state: "connecting" | "up" | "down";
  since: Date;
  /** In words; null while up. */
  reason: string | null;
  hits: number;
  misses: number;
  /** Not asked, because it was away or had just failed. */
  skipped: number;
  /** Soft timeouts: each was one that a caller waited for. */
  timeouts: number;
  errors: number;
  writes: number;
  /** Values too large, or of a kind that cannot be stored. */
  refused: number;
  /** Before and after compression, of what was written. */
  plainBytes: number;
  storedBytes: number;
  /** Answers taken from another process's run. */
  waited: number;
}

/** Of one statement in one process. */
export interface StatementCacheStats {
  name: string;
  entries: number;
  bytes: number;
  hits: number;
  sharedHits: number;
  misses: number;
  /** Smoothed time on the server; null until it ran. */
  costMs: number | null;
}

export interface CacheStats {
  hits: number;
  /** Runs on the server. */
  misses: number;
  /** Callers that joined a read already under way. */
  joined: number;
  /** Answered by the second level. */
  sharedHits: number;
  /** Answered with a value past its time, while a new one was fetched. */
  revalidated: number;
  /** Expired values shown because the source was down. */
  staleServed: number;
  evictions: number;
  /** Answers too large to be kept. */
  refused: number;
  entries: number;
  bytes: number;
  maxBytes: number;
  statements: StatementCacheStats[];
  /** The second level; null where none is configured. */
  shared: SharedCacheStats | null;
}
