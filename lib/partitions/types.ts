import type {
  DefaultPartition,
  LaneAxis,
  LaneInterval,
  LaneRunway,
  LaneSpan,
  PartitionStrategy,
  RelationLock,
} from "../partition-facts/types.ts";

export interface PartitionTree {
  oid: number;
  schema: string;
  name: string;
  strategy: PartitionStrategy;
  /** e.g. `RANGE (occurred_at)`. */
  key: string;
  /** Levels of partitions below the root: 1, 2, … */
  levels: number;
  /** Partitions that hold rows. */
  leaves: number;
  /** Tables, indexes and TOAST together; null while never measured. */
  totalBytes: number | null;
  rowsEstimated: number | null;
  lanes: number;
  /** Newest manual or automatic analyze of the root itself (autovacuum never visits it). */
  lastAnalyze: Date | null;
}

export interface PartitionCell {
  name: string;
  schema: string;
  oid: number;
  /** The bounds as the server prints them, in UTC; null while locked and never seen before. */
  bounds: string | null;
  /** UTC ISO; null for MINVALUE, infinity, or an axis that is not time. */
  from: string | null;
  to: string | null;
  bytes: number | null;
  /** `estimated` = from the pages of the last vacuum or analyze, because a lock is in the way. */
  bytesFrom: "measured" | "estimated";
  rowsEstimated: number | null;
  deadRows: number | null;
  lastVacuum: Date | null;
  lastAnalyze: Date | null;
  isDefault: boolean;
  detachPending: boolean;
  /** 1, or the number of partitions below it. */
  leaves: number;
  lockedBy: RelationLock | null;
}

export interface PartitionLane {
  /** Schema-qualified branch, unique among the root's lanes. */
  key: string;
  /** What tells this branch from its siblings, e.g. `standard`, or the table's own name. */
  label: string;
  schema: string;
  name: string;
  oid: number;
  strategy: PartitionStrategy;
  partitionKey: string;
  axis: LaneAxis;
  /** Set when the axis reads local timestamps or integers as UTC. */
  axisNote: string | null;
  cells: PartitionCell[];
  gaps: LaneSpan[];
  overlaps: LaneSpan[];
  interval: LaneInterval | null;
  runway: LaneRunway | null;
  /** Why runway is not judged, as the end of a sentence; null where it is, or only a lock is in the way. */
  runwayUnjudged: string | null;
  /** Why gaps and overlaps are not judged either. */
  gapsUnjudged: string | null;
  defaultPartition: DefaultPartition | null;
  /** Cells whose bounds a lock hides; gaps and runway are not judged while there are any. */
  unknownBounds: number;
}

export interface PartitionRow {
  oid: number;
  schema: string;
  name: string;
  root: string;
  /** Path of branch labels below the root. */
  branch: string;
  bounds: string | null;
  from: string | null;
  to: string | null;
  isDefault: boolean;
  detachPending: boolean;
  rowsEstimated: number | null;
  totalBytes: number | null;
  tableBytes: number | null;
  indexBytes: number | null;
  toastBytes: number | null;
  bytesFrom: "measured" | "estimated";
  deadRows: number | null;
  /** Null for a foreign table: the server counts nothing of what is done to it. */
  inserted: number | null;
  updated: number | null;
  deleted: number | null;
  seqScans: number | null;
  indexScans: number | null;
  /** Newest of manual and automatic. */
  lastVacuum: Date | null;
  lastAnalyze: Date | null;
  lastVacuumAutomatic: boolean;
  lastAnalyzeAutomatic: boolean;
  lockedBy: RelationLock | null;
}
