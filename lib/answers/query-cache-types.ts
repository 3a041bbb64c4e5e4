import type { CacheStats, RedisFacts, SharedCacheStats } from "../audit-db/cache/types.ts";
import type { Unavailable } from "../result.ts";

/** The figures of the first level that can be added up. */
export type MemoryCache = Omit<CacheStats, "statements" | "shared">;

export interface QueryCache {
  /** First level: every process's own, added up. */
  memory: MemoryCache & {
    instances: number;
    /** Answered without a query of its own, by either level, ÷ all asked, 0–1; null when nobody asked. */
    share: number | null;
  };
  perInstance: { instanceId: string; kind: string; host: string; pid: number; cache: MemoryCache }[];
  /** Second level, shared between processes; where none is configured, why. */
  redis: SharedLevel | Unavailable;
}

/** What every process counts of the second level. */
export type SharedCounts = Omit<SharedCacheStats, "state" | "since" | "reason">;

/**
 * The second level as the living processes tell of it, added up since each of them started. They share one, so its
 * figures are of all targets together.
 */
export interface SharedLevel extends SharedCounts {
  /** `partly`: some processes reach it and some do not. `connecting`: none has asked it yet. */
  state: "up" | "partly" | "down" | "connecting";
  /** When this state began; null while nobody has asked. */
  since: Date | null;
  /** Why it is away, in words; null while every process reaches it. */
  reason: string | null;
  /** Processes that report it, and those of them that reach it. */
  processes: number;
  reaching: number;
  /** Reads it answered. `hits` is what was found there: an answer may have been too old for who asked. */
  answered: number;
  /** Answered ÷ asked of it, 0–1; null when nothing was asked. */
  share: number | null;
  /** What the server says of itself; null until it was asked once. */
  server: RedisServer | null;
  /** What is not as it should be, each with what to do. */
  warnings: string[];
}

export interface RedisServer extends RedisFacts {
  observedAt: Date;
  /** false: it cannot be asked now, and these are its last known figures. */
  current: boolean;
}

/** What the two levels hold of one statement's answers, and what that was worth. */
export interface StatementContents {
  /** The statement's name, by which its answers can be dropped. */
  name: string;
  /** The name up to the dot, by which those of the whole topic can be dropped. */
  topic: string;
  /** In the memory of all living processes. */
  entries: number;
  bytes: number;
  /** In the second level; null when there is none or it cannot be asked. */
  sharedEntries: number | null;
  sharedBytes: number | null;
  /** Reads answered by a process's own memory, and by the second level. */
  hits: number;
  sharedHits: number;
  /** Runs on the server. */
  misses: number;
  /** Mean time of a run; null until one was measured. */
  costMs: number | null;
  /** An estimate: answered × mean time of a run. */
  savedMs: number | null;
}

export interface CacheContents {
  statements: StatementContents[];
  /** Living processes whose memory is added up. */
  processes: number;
  /** Whether the second level's part is known: `part` when it holds more than was counted. */
  shared: "counted" | "part" | "away" | "not_configured";
}
