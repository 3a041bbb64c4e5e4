import type { SeriesHistory } from "../collector/types.ts";
import type { Unavailable } from "../result.ts";

export interface BufferCacheHits extends SeriesHistory {
  /** Hits ÷ (hits + reads) over the whole range, 0–1; null where too few blocks were asked for. */
  share: number | null;
  /** Steps with fewer blocks than this are gaps in the ratio: a share of next to nothing says nothing. */
  minBlocksPerStep: number;
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

export interface ReadLatency extends SeriesHistory {
  /** Milliseconds per block read over the whole range; null when none was read. */
  meanMs: number | null;
  /** Whether reads were timed in any step of the range. */
  sampled: boolean;
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
