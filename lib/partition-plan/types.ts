import type { TableName } from "../audit-db/structural/table-lock.ts";
import type { Effort, Took } from "./estimates/took.ts";
import type { PlanRequest } from "./request.ts";

/** A step as data, made by its kind's `of`; it stands in a job's checkpoint and outlives the process. */
export interface StepData {
  kind: string;
  /** JSON. */
  params: unknown;
  /**
   * What it belongs to: steps of one group happen in order, and one that is not done holds up those behind it. Groups
   * (partitions that know nothing of each other) do not hold each other up. Without, it is one group with all others without.
   */
  group?: string;
}

/** A relation that is locked, how, and for whom that matters. */
export interface StepLock {
  /** Qualified and quoted. */
  relation: string;
  mode: "ACCESS SHARE" | "SHARE UPDATE EXCLUSIVE" | "SHARE" | "SHARE ROW EXCLUSIVE" | "ACCESS EXCLUSIVE";
  /** Who waits while it is held. */
  stops: "reads and writes" | "writes" | "other changes of structure";
}

/** One step of a plan as people, the API and the command line see it. */
export interface PlannedStep {
  /** Tells it from the plan's others, e.g. `create public.audit_log_standard_2027_01`. */
  id: string;
  /** e.g. "Create audit_log_standard_2027_01" */
  words: string;
  /** In order; one transaction, unless `alone`. */
  sql: string[];
  /** Each statement by itself, outside of a transaction and without timeouts: nobody waits for it. */
  alone: boolean;
  locks: StepLock[];
  /** Rows that are read to check something, and that are moved; null where nothing is, `rows` null while unknown. */
  scans: { relation: string; rows: number | null } | null;
  moves: { from: string; to: string; rows: number | null } | null;
  /** From rates measured on this server, without waits for others; null where none is known. */
  estimatedSeconds: number | null;
  /** Where that is known from: "from 3 runs here", "from reading 8 MB of public.t just now". Null with it. */
  estimateFrom: string | null;
  /** What its time grows with. */
  effort?: Effort;
  /** What carries it out. */
  step: StepData;
}

/** Why something asked for is not planned. */
export interface Refusal {
  /** What it is about, qualified and quoted. */
  object: string;
  /** `missing`: not there any more; `blocked`: something must go first; `refused`: it would do harm. */
  outcome: "missing" | "blocked" | "refused";
  /** What is, then what to do. */
  words: string;
}

/** What carrying it out needs of a plan; as JSON it is the same. */
export type CarriedPlan = Pick<Plan, "table" | "steps" | "refusals" | "runsAs" | "lockTimeoutMs" | "digest">;

/** A session that a step would have to wait for, as it stands now. */
export interface Blocker {
  pid: number;
  /** pg_stat_activity.backend_start: tells it from a later session of the same pid. */
  start: Date;
  user: string | null;
  application: string | null;
  state: string | null;
  /** Since when its transaction runs. */
  since: Date | null;
  /** Qualified and quoted. */
  relation: string;
  /** As pg_locks has it, e.g. `AccessShareLock`; `snapshot` where it is an older transaction that a step waits for. */
  mode: string;
}

/** What would be done, made anew each time it is asked for. Nothing of it has happened. */
export interface Plan {
  /** As it was asked for, with what was left open filled in. */
  request: PlanRequest;
  target: string;
  /** The root of the tree: whoever works on its structure holds its lock. */
  table: TableName;
  /** e.g. "Create 3 partitions of audit_log_standard" */
  title: string;
  steps: PlannedStep[];
  refusals: Refusal[];
  /** What comes along with it and is easily missed. */
  notes: string[];
  /** What cannot be undone, in a sentence; null where all of it can. */
  irreversible: string | null;
  /** Who is in the way now. Not part of the digest. */
  blockers: Blocker[];
  estimatedSeconds: number | null;
  /** Where that is known from, or why it is not. */
  estimateFrom: string | null;
  /** The longest that writers may be made to queue behind one attempt at a lock, in milliseconds. */
  lockTimeoutMs: number;
  /** The owner of the table, as whom the statements run; null where the maintenance role may not become it. */
  runsAs: string | null;
  /** SHA-256 over the statements, oids and bounds: another one means that the world has changed. */
  digest: string;
  observedAt: Date;
}

/** What a planner finds; `makePlan` adds locks, blockers, estimates and the digest. */
export interface Draft {
  table: TableName;
  title: string;
  steps: StepData[];
  refusals?: Refusal[];
  notes?: string[];
  irreversible?: string;
  /** The request with what was left open filled in. */
  request: PlanRequest;
  /** What must not have changed until it is carried out, besides the statements: oids and bounds of relations. */
  witnesses: string[];
}

/** How a step came out. Never silence. */
export interface StepOutcome {
  id: string;
  words: string;
  outcome: "done" | "contended" | "blocked" | "missing" | "refused";
  /** Why, by whom, what to do; null for `done`. */
  why: string | null;
  /** When it is tried again; null where it is not. */
  retryAt: Date | null;
  /** It had happened already when it was looked at. */
  before?: true;
  /** What it took, for the estimates of others; only of what was carried out in one go, and waited for nobody. */
  took?: Took;
}
