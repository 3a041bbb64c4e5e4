import type { TargetStatus } from "../audit-db/target-facts.ts";
import type { Point, TargetEvent, Unit } from "../collector/types.ts";
import type { Finding } from "../evaluation/finding.ts";
import type { Unavailable } from "../result.ts";

/** `unknown`: nothing bad was found, but something could not be looked at. It is never shown as OK. */
export type VerdictState = "ok" | "unknown" | "notice" | "warning" | "critical" | "down";

export interface Verdict {
  state: VerdictState;
  /** One sentence: the worst finding, or that all is well. */
  title: string;
  /** What it means and what to do, or what was checked. */
  detail: string;
  since: Date | null;
  /** Key of the finding that it tells; null when it tells of none. */
  finding: string | null;
}

export type TileId =
  | "connections"
  | "commits"
  | "hitRatio"
  | "readLatency"
  | "partitionRunway"
  | "size"
  | "replicationLag";

/** One figure of the overview with where it comes from and how it moved. */
export interface Tile {
  id: TileId;
  title: string;
  /** null when it is not known: `unavailable` says why. */
  value: number | null;
  unit: Unit | "days";
  /** What the value is out of, e.g. connections that can be used; null without such a limit. */
  max: number | null;
  /** A second figure in words, e.g. "growing 1.2 GB per day"; null when there is none. */
  note: string | null;
  observedAt: Date | null;
  source: string;
  /** Series whose points `spark` holds; null when the figure has no history. */
  series: string | null;
  /** About 60 points over the asked range, oldest first. */
  spark: Point[];
  /** Mean over the asked range and over the same time before it; null when not collected. */
  average: number | null;
  previousAverage: number | null;
  /** (average − previousAverage) ÷ previousAverage; null when unknown or the previous one is 0. */
  change: number | null;
  /** As the checks that speak of the figure say. */
  state: "ok" | "warning" | "critical" | "unknown";
  /** Page of the target that tells more. */
  path: string;
  unavailable?: Unavailable;
}

export interface Overview {
  status: TargetStatus;
  verdict: Verdict;
  /** Worst first; checks that could not run last, each with `unavailable`. */
  findings: Finding[];
  /** Topics whose checks were asked, as ids of checks begin. */
  checked: string[];
  tiles: Tile[];
  collectingSince: Date | null;
}

export interface Timeline {
  from: Date;
  to: Date;
  /** Newest first. */
  events: TargetEvent[];
}
