import type { Labels } from "../alerting/labels.ts";
import type { CheckState, CheckUnit, Limits, Mend } from "../check.ts";
import type { Unavailable } from "../result.ts";

/** What a check is, the same on every target. */
export interface CheckDefinition {
  id: string;
  title: string;
  /** The part of its id before the dot. */
  topic: string;
  /** Unit of values and limits; null for a condition without a figure. */
  unit: CheckUnit | null;
  /** Which side of a limit is worse; null for a condition without a figure. */
  direction: "rising" | "falling" | null;
  /** The code's own limits. */
  limits: Limits | null;
  /** Page of a target that shows its objects. */
  path: string;
  runbook: string;
  needs: string;
  /** Where its figures come from. */
  source: string;
  /** Why its limits and its patience are what they are. */
  why: string;
  /** Seconds for which it must be bad before it fires, and fine before it is over: the code's own. */
  for: number;
  keepFiringFor: number;
  /** One person alone neither silences it nor, unless an administrator, changes its limits. */
  guarded: boolean;
}

/** The limits in force, and whose they are. */
export interface LimitsInForce extends Limits {
  /** Null: the code's own. */
  setBy: ThresholdSource | null;
}

/** A person's limits: for which target and object, by whom, since when. */
export interface ThresholdSource {
  /** `*`: every target. */
  target: string;
  /** `*`: every object. */
  objectKey: string;
  /** How patient it is there, in seconds; null: as the check has it. */
  for: number | null;
  keepFiringFor: number | null;
  name: string;
  at: Date;
}

/**
 * `current`: by an evaluator that works. `old`: it has been silent for three of its intervals, nothing can be called
 * fine. `never`: nothing has evaluated it yet.
 */
export type Freshness = "current" | "old" | "never";

/** How one check stands on one target. */
export interface CheckStanding {
  check: string;
  target: string;
  /** Of its worst object; `error` where it could not be evaluated, `no_data` where what was fine is old. */
  state: CheckState;
  freshness: Freshness;
  evaluatedAt: Date | null;
  /** When the server was asked for figures that move slowly; null where that was when it was evaluated. */
  observedAt: Date | null;
  /** Objects by the state they were last seen in. */
  counts: Partial<Record<CheckState, number>>;
  /** Of these, how many an incomplete answer has not named since: not known to be gone. */
  unconfirmed: number;
  /** The worst object, first by state, then by its figure. */
  worst: StandingObject | null;
  /** Those in force for all objects of the target that have none of their own. */
  limits: LimitsInForce | null;
  /** Objects with limits of their own. */
  ownLimits: number;
  /** Whether an object that it did not name is gone; null before the first evaluation. */
  complete: boolean | null;
  /** Why it could not be evaluated; its objects keep their last states then. */
  error: { code: string; message: string; hint?: string } | null;
}

/** What a silence of one object matches, and until when one holds; `until` null: until its incident resolves. */
export interface Mute {
  labels: Pick<Labels, "check" | "kind" | "object" | "database">;
  silenced: { id: string; until: Date | null } | null;
}

/** One object a check judged. */
export interface StandingObject {
  key: string;
  /** "public.audit_log_2026_11", "pid 4711 (report-worker)". */
  name: string;
  state: CheckState;
  value: number | null;
  /** When this state began. */
  since: Date;
  confirmed: boolean;
  title: string;
  detail: string;
  /** What mends it, where one of the verbs does. */
  mends?: Mend;
  /** Page of the target that shows it. */
  path: string;
  unavailable: Unavailable | null;
}

/** Every check on every target that whoever asks may see. */
export interface CheckBoard {
  targets: string[];
  checks: CheckDefinition[];
  standings: CheckStanding[];
  /** Evaluations are due this often. */
  intervalSeconds: number;
}

/** One check on one target with its objects. */
export interface CheckDetail {
  check: CheckDefinition;
  standing: CheckStanding;
  /** Worst first, as many as were asked for. */
  objects: (StandingObject & { limits: LimitsInForce | null; mute: Mute })[];
  /** How many there are. */
  total: number;
}
