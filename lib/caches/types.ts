import type { CacheStats, RedisFacts, SharedCacheStats } from "../audit-db/cache/types.ts";
import type { SeriesHistory } from "../collector/types.ts";
import type { Unavailable } from "../result.ts";

export interface BufferCacheHits extends SeriesHistory {
  /** Hits ÷ (hits + reads) over the whole range, 0–1; null where too few blocks were asked for. */
  share: number | null;
  /** Steps with fewer blocks than this are gaps in the ratio: a share of next to nothing says nothing. */
  minBlocksPerStep: number;
}

/** What one step of the caches answered over a range, and what it let through to the next. */
export interface CacheStep {
  answered: number;
  passed: number;
  /** Seconds of the range that were sampled. */
  coveredSeconds: number;
}

/** The second level's step, and how it is just now. */
export interface RedisStep extends Pick<SharedLevel, "state" | "since" | "reason"> {
  /** null when none of the range was sampled. */
  step: CacheStep | null;
}

export interface CacheWaterfall {
  windowSeconds: number;
  /** Reads asked of the console's engine; null when none of the range was sampled. */
  queryCache: CacheStep | null;
  /** The second level, in reads too; where none is configured, why it answers nothing. */
  redis: RedisStep | Unavailable;
  /** Blocks asked for by everybody in the connected database; null when none of the range was sampled. */
  sharedBuffers: CacheStep | null;
  sharedBuffersBytes: number;
  blockSizeBytes: number;
  /** Reads past shared_buffers; they may still have come from the system's cache. */
  disk: {
    /** Milliseconds a block; null without track_io_timing or when none was read. */
    meanMs: number | null;
    totalMs: number | null;
    timing: Unavailable | null;
  };
}

export type RelationKind = "table" | "index";

/** Blocks of a table or index since its counters began. "Reads" may still come from the system's cache. */
export interface RelationCacheHits {
  kind: RelationKind;
  schema: string;
  name: string;
  /** The table an index belongs to; null for tables. */
  table: string | null;
  /** Partitions added up under this name; null when the row is one relation. */
  partitions: number | null;
  /** schema.name of the partitioned table (or index) at the top, for a partition shown by itself. */
  partitionRoot: string | null;
  /** Of a table its main part; of an index the index. */
  hits: number;
  reads: number;
  /** Of a table's indexes; null for an index. */
  indexHits: number | null;
  indexReads: number | null;
  /** Of its TOAST table and that one's index; null where it has none, and for an index. */
  toastHits: number | null;
  toastReads: number | null;
  /** All hits ÷ all blocks asked for, 0–1; null when none were asked for. */
  share: number | null;
  sizeBytes: number;
}

export interface RelationCacheList {
  rows: RelationCacheHits[];
  /** Relations (or groups) there are before `limit`. */
  total: number;
}

/** One line of pg_stat_io. What this kind of process never does is null. */
export interface IoRow {
  backendType: string;
  object: string;
  context: string;
  /** Operations since `countsSince`. */
  reads: number | null;
  readBytes: number | null;
  readTimeMs: number | null;
  writes: number | null;
  writeBytes: number | null;
  writeTimeMs: number | null;
  extends: number | null;
  extendBytes: number | null;
  hits: number | null;
  evictions: number | null;
  reuses: number | null;
  fsyncs: number | null;
  /** Growth over the range, null until collected. */
  window: IoWindow | null;
}

export interface IoWindow {
  reads: number | null;
  readBytes: number | null;
  writes: number | null;
  writeBytes: number | null;
  hits: number | null;
  evictions: number | null;
  /** Blocks found in shared_buffers ÷ asked for, 0–1; null when none were asked for. */
  hitShare: number | null;
}

export interface IoByBackend {
  rows: IoRow[];
  /** Client backends and everybody else over time; relations only, without WAL. */
  history: SeriesHistory | null;
  /** Seconds the window covers; null when the range could not be read from history. */
  windowSeconds: number | null;
  collectingSince: Date | null;
  /** Read and write times are zero on the server unless this is on, and then null here. */
  timing: Unavailable | null;
}

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

export interface ReadLatency extends SeriesHistory {
  /** Milliseconds per block read over the whole range; null when none was read. */
  meanMs: number | null;
}

export interface BufferUsage {
  usedBytes: number;
  unusedBytes: number;
  dirtyBytes: number;
  pinnedBytes: number;
  totalBytes: number;
  /** 0–5: how warm the buffers are; null when none is used. */
  meanUsageCount: number | null;
}

export interface CacheSettings {
  sharedBuffersBytes: number;
  effectiveCacheSizeBytes: number;
  workMemBytes: number;
  tempBuffersBytes: number;
  walBuffersBytes: number;
  trackIoTiming: boolean;
}
