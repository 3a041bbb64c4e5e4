import type { Unavailable } from "../result.ts";

export type PartitionStrategy = "range" | "list" | "hash";

/**
 * What runs along a lane. `epoch…` and `calendarInteger` (20240131, 202401) are integers read as time;
 * `integer` has order and gaps but no clock; `values` (list, hash, other types) has neither.
 */
export type LaneAxis =
  | "time"
  | "epochSeconds"
  | "epochMilliseconds"
  | "epochMicroseconds"
  | "calendarInteger"
  | "integer"
  | "values";

/** Who holds or waits for an AccessExclusiveLock on a relation. */
export interface RelationLock {
  pid: number;
  user: string | null;
  application: string | null;
  /** False while it only waits (and everybody else queues behind it). */
  granted: boolean;
  since: Date | null;
}

/** A stretch no partition covers, or that two cover. `from`/`to` are UTC ISO on a time axis, else numbers as text. */
export interface LaneSpan {
  from: string;
  to: string;
  /** The partitions before and after (gap), or that overlap. */
  between: [string, string];
}

export interface LaneInterval {
  unit: "hour" | "day" | "week" | "month" | "quarter" | "year" | "custom";
  /** Median width of the newest partitions. */
  seconds: number;
}

export interface LaneRunway {
  coversNow: boolean;
  /** Until the first moment from now on that no partition covers; 0 when now is not covered, null when unlimited. */
  seconds: number | null;
  /** The same in partition widths. */
  intervals: number | null;
  /** How urgent the next partitions are; null when they are not. */
  severity: "critical" | "warning" | null;
  /** UTC ISO; null when unlimited. */
  until: string | null;
  /** Highest upper bound, also beyond a gap; null when unlimited. */
  lastBound: string | null;
  unlimited: boolean;
  /** Ended over 90 days and six widths ago: a closed chapter, not an alarm. */
  retired: boolean;
}

export interface DefaultPartition {
  oid: number;
  schema: string;
  name: string;
  /** Counted up to `cap`; null when it could not be counted. */
  rows: number | null;
  /** True when there are at least `cap` rows. */
  capped: boolean;
  /** Live rows by the statistics, where counting is not granted. */
  rowsEstimated: number | null;
  unavailable?: Unavailable;
}
