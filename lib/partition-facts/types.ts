import type { Unavailable } from "../result.ts";

export type PartitionStrategy = "range" | "list" | "hash";

/** One column of a partition key. */
export interface KeyColumn {
  /** Null for an expression. */
  name: string | null;
  /** Input type of the key's operator class, e.g. `timestamp with time zone`; an enum's, a composite's own. */
  type: string;
  /** Qualified and quoted; null for types without. */
  collation: string | null;
  /** The server's own operator that orders values; null where somebody else's code would (or nothing does, as in a hash). */
  less: string | null;
}

/** A rank a key column; null where the column compares by itself, or is open there. */
export interface BoundRanks {
  from: (number | null)[];
  to: (number | null)[];
}

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

/** A stretch no partition covers, or that two cover. */
export interface LaneSpan {
  /** UTC ISO; null on an axis without a clock, and where no Date holds it. */
  from: string | null;
  to: string | null;
  /** Tells it from the lane's others: its lower end as text, and its path. */
  id: string;
  /** Both ends in the key's own units: moments in UTC, ids as ids. */
  words: string;
  /** Both ends as the server prints them, open ones as MINVALUE and MAXVALUE; absent where the key has several columns. */
  ends?: { from: string; to: string };
  /** The partitions before and after (gap), or that overlap; empty where there is none. */
  between: [string, string];
  /** The default partition that takes its rows; null where they are refused. */
  caughtBy: string | null;
  /** Values or remainders below the lane whose rows are concerned; empty when all are. */
  path: string;
}

export interface LaneInterval {
  unit: "hour" | "day" | "week" | "month" | "quarter" | "year" | "custom";
  /** Median width of the newest partitions. */
  seconds: number;
}

export interface LaneRunway {
  coversNow: boolean;
  /**
   * Until the first moment from now on of which a row, on any path, finds no partition of its own; 0 when that is now,
   * null when unlimited.
   */
  seconds: number | null;
  /** The same in partition widths. */
  intervals: number | null;
  /** How the check of runways judges it, by the limits in force; null when it is well, or nobody judged. */
  severity: "critical" | "warning" | null;
  /** UTC ISO; null when unlimited, or beyond what a Date holds. */
  until: string | null;
  /** Where what lacks a partition begins, in words; null when unlimited, or when it has no beginning. */
  untilInWords: string | null;
  /** Highest upper bound, also beyond a gap; null when unlimited. */
  lastBound: string | null;
  lastBoundInWords: string | null;
  unlimited: boolean;
  /** Ended over 90 days and six widths ago: a closed chapter, not an alarm. */
  retired: boolean;
  /** The default partition that takes rows from `until` on; null where they are refused. */
  caughtBy: string | null;
}

export interface DefaultPartition {
  oid: number;
  schema: string;
  name: string;
  /** Counted up to `cap`; null when it could not be counted. */
  rows: number | null;
  /** True when there are at least `cap` rows. */
  capped: boolean;
  /** Rows by the statistics, where they could not be counted; null where those say nothing either. */
  rowsEstimated: number | null;
  unavailable?: Unavailable;
}
