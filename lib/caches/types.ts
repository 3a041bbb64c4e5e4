import type { SharedLevel } from "../answers/query-cache-types.ts";
import type { Unavailable } from "../result.ts";

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
