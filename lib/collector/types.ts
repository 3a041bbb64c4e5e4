import type { AuditDb } from "../audit-db/types.ts";

/** Units as the browser formats them. */
export type Unit =
  | "count"
  | "bytes"
  | "ms"
  | "seconds"
  | "ratio"
  | "perSecond"
  | "bytesPerSecond"
  | "msPerSecond";

/**
 * One figure over time. A `counter` is stored as given and read as a rate per second; a value that falls
 * (or a `countsSince` that moved) is a reset and reads as a gap.
 */
export interface SeriesDefinition {
  /** `topic.figure`, e.g. `connections.active`. */
  name: string;
  kind: "gauge" | "counter";
  unit: Unit;
}

export type Cadence = 10 | 60 | 600;

/** What a totals sampler may look at besides the audit database. */
export interface SampleContext {
  /** Engine statistics of every process that is alive, so that pool and cache figures cover all of them. */
  instances(): Promise<InstanceReport[]>;
}

/** Samples totals of one topic. What the server lacks is left out or null: a gap, never a zero. */
export interface TotalsSampler {
  name: string;
  everySeconds: Cadence;
  series: readonly SeriesDefinition[];
  /** `countsSince`: the view's stats_reset, when it has one. */
  sample(
    audit: AuditDb,
    context: SampleContext,
  ): Promise<{ values: Record<string, number | null>; countsSince?: Date | null }>;
}

/** One object's cumulative counters and gauges at a moment. */
export interface ObjectSample {
  /** Stable identity, e.g. "dbid/userid/queryid/toplevel" or "schema.table". */
  key: string;
  values: Record<string, number | null>;
  /** stats_since of the entry, when the server knows it. */
  countsSince?: Date | null;
  /** Since when the whole view counts (its stats_reset), the same for each object of a sample; when the server tells it. */
  viewSince?: Date | null;
}

/** Samples per-object figures; the top 200 by `rankBy` are kept, the rest added up as "others". */
export interface ObjectSampler {
  /** e.g. `statements`, `tables`, `partitions`. */
  name: string;
  everySeconds: Cadence;
  metrics: readonly SeriesDefinition[];
  /** The metric that decides which objects are kept (its growth for a counter, its value for a gauge). */
  rankBy: string;
  /**
   * Set when `sample` answers every object there is: a key not seen before then began since the last sample
   * and its counters count whole. Otherwise (and for an unknown age) its first sample is only a starting point.
   */
  complete?: boolean;
  sample(audit: AuditDb): Promise<ObjectSample[]>;
  /**
   * What stays to be told of objects after the server forgets them (a statement's text, …), as JSON.
   * Asked once per key, when the key is first kept; a key left out is asked for again later.
   */
  label?(audit: AuditDb, keys: readonly string[]): Promise<Record<string, unknown>>;
}

/** The key under which an object sampler's remaining objects are added up. */
export const othersKey = "others";

export type Sampler = ({ form: "totals" } & TotalsSampler) | ({ form: "objects" } & ObjectSampler);

/** [epoch milliseconds, value or null for a gap] */
export type Point = [number, number | null];

export interface TimeRange {
  from: Date;
  to: Date;
}

export interface SeriesHistory {
  /** Series name → points, oldest first, all on the same steps. Counters are rates per second. */
  series: Record<string, Point[]>;
  units: Record<string, Unit>;
  stepSeconds: number;
  /** When collecting of the earliest of these series began on this target; null when never. */
  collectingSince: Date | null;
  /** Newest sample seen, for "updated 3 s ago". */
  observedAt: Date | null;
}

/** What was told of an object when it was first kept. */
export interface ObjectLabel {
  key: string;
  /** As the sampler's `label` gave it; null when it gave none. */
  label: unknown;
  firstSeen: Date;
  /** To within an hour. */
  lastSeen: Date;
}

/** Growth of one object's counters (or last value of its gauges) over a window. */
export interface ObjectWindow {
  key: string;
  /** Metric → growth over the window for counters, last value for gauges. */
  values: Record<string, number | null>;
  /** The same over the window before, null when it was not collected. */
  previous: Record<string, number | null> | null;
  /** Rate of `spark` metric, about 30 points over the window. */
  spark: Point[];
}

/** What of a window the samples tell: the ends lie on the samples nearest to those that were asked for. */
export interface SampledWindow {
  from: Date;
  to: Date;
  /**
   * What share of the growth between them is in no figure, 0–1: nobody sampled then, or the server had begun anew or
   * evicted what it counted. An estimate by time, and by what was lost grew by in the interval before.
   */
  missingShare: number;
}

export interface TopObjects {
  objects: ObjectWindow[];
  /** Growth of every object over the window, those behind `limit` and "others" included; counters only. */
  totals: Record<string, number | null>;
  /** null when the window has no growth between two samples. */
  sampled: SampledWindow | null;
  collectingSince: Date | null;
  observedAt: Date | null;
}

export interface TargetEvent {
  at: Date;
  endedAt: Date | null;
  /** `outage`, `restart`, `stats_reset`, `settings`, `collector`, `role_flip`, `split_brain`, `replica_drained`, … */
  kind: string;
  severity: "info" | "warning" | "critical";
  title: string;
  detail: Record<string, unknown>;
}

/** Reads of what the collector wrote, all from the console database. */
export interface History {
  /**
   * Totals over time, at most `points` steps (default 300), from the finest roll-up that covers the range;
   * what was sampled seconds ago is in it. A series sampled more slowly than the step holds its value between.
   * A step without a sample is null; a counter's rate at a step covers the seconds up to its samples.
   */
  totals(
    target: string,
    series: readonly string[],
    range: TimeRange,
    points?: number,
  ): Promise<SeriesHistory>;
  /**
   * What counters grew by over the steps of `totals`: what was counted from sample to sample, and never a rate carried on over
   * seconds that nobody sampled, as those before the first sample of all. Null where nothing was seen.
   */
  growth(
    target: string,
    counters: readonly string[],
    range: TimeRange,
    points?: number,
  ): Promise<Record<string, number | null>>;
  /**
   * The highest sample of a gauge in each whole hour of the range that is rolled up, oldest first, and since when it is
   * collected; hours without a sample are left out.
   */
  peaks(
    target: string,
    series: string,
    range: TimeRange,
  ): Promise<{ hours: [at: number, peak: number][]; collectingSince: Date | null }>;
  /** The objects that grew most by `orderBy` over the window (the key `others` last, when it holds anything). */
  topObjects(
    target: string,
    sampler: string,
    range: TimeRange,
    options: { orderBy: string; limit: number; spark?: string },
  ): Promise<TopObjects>;
  /** One object's metrics over time. */
  object(
    target: string,
    sampler: string,
    key: string,
    metrics: readonly string[],
    range: TimeRange,
    points?: number,
  ): Promise<SeriesHistory>;
  /** Labels of objects by key; keys never kept are left out. */
  labels(target: string, sampler: string, keys: readonly string[]): Promise<Record<string, ObjectLabel>>;
  /** Events that overlap the range, newest first. */
  events(target: string, range: TimeRange): Promise<TargetEvent[]>;
}

/** Statistics of one process's engine, published every few seconds. */
export interface InstanceReport {
  instanceId: string;
  /** web, worker, demo or cli */
  kind: string;
  host: string;
  pid: number;
  startedAt: Date;
  heartbeatAt: Date;
  /** Its last report is older than 20 s, by the clock of where reports stand: its figures are no longer current. */
  silent: boolean;
  /** Process id of the backend of its session with the console's database; null before it has one, and of the version before. */
  session?: number | null;
  /** Target → its engine's statistics. */
  engines: Record<string, import("../audit-db/types.ts").EngineStats>;
}
