import type { AuditDb } from "./audit-db/types.ts";
import type { History, InstanceReport, Unit } from "./collector/types.ts";
import type { DutyState } from "./duties/list-duties.ts";
import type { RecordedRedactions } from "./ledger/list-redactions.ts";
import type { LedgerHealth } from "./ledger/read-health.ts";
import type { PlanRequestInput } from "./partition-plan/request.ts";
import type { Unavailable } from "./result.ts";
import type { UpkeepRule } from "./upkeep-rules/rule.ts";

/**
 * `no_data`: it can be judged here, but there are no figures of the time it needs. `error`: the look itself failed.
 * `unavailable`: it cannot be judged here until somebody changes something, or not yet (learning).
 */
export type CheckState = "ok" | "notice" | "warning" | "critical" | "no_data" | "error" | "unavailable";

/** What has one name on its server. Another kind that a check needs is added here. */
export type NamedKind =
  | "slot"
  | "standby"
  | "node"
  | "pooler_pool"
  | "database"
  | "tablespace"
  | "setting"
  | "statement"
  | "prepared_transaction"
  | "cache"
  | "role"
  | "check"
  | "duty"
  | "field"
  | "channel"
  | "hold"
  | "request";

/** What a check judges: one of its kind, with an identity that outlives a restart, a rename of others and a restore. */
export type CheckObject =
  | { kind: "target" }
  | { kind: "session"; pid: number; backendStart: Date; name: string }
  /** Tables, partitions, indexes and sequences. The oid stands beside the identity: a restore gives another one. */
  | {
      kind: "relation";
      database: string;
      schema: string;
      name: string;
      oid?: number;
      /** One of several conditions on the same relation, e.g. a trigger's name or a gap's lower bound. */
      part?: string;
    }
  | { kind: NamedKind; name: string };

/** Units of values and limits; those of `Unit` are formatted as series are. */
export type CheckUnit = Unit | "days" | "perMinute" | "partitions";

/** Limits in the check's unit; what is worse lies above (`rising`) or below (`falling`). */
export interface Limits {
  warning: number | null;
  critical: number | null;
}

/** What mends a condition: nothing happens before a person has seen the plan that is made of it. */
export interface Mend {
  /** What its button says, e.g. "Finish the detach". */
  words: string;
  request: PlanRequestInput;
}

/** How one object stands, as data first and in words beside. */
export interface ObjectState {
  object: CheckObject;
  state: CheckState;
  /** What was compared; null when there is no figure. */
  value: number | null;
  /** What it was compared with; null for a condition that is or is not. */
  threshold: Limits | null;
  /** When the condition began, where the server knows it; the evaluator's first sight stands in otherwise. */
  since: Date | null;
  words: {
    /** One plain sentence with the figures in it. */
    title: string;
    /** What it means and what to do about it. */
    detail: string;
    /** The same as a request, where one of the verbs does it. */
    mends?: Mend;
  };
  /** Page of the target that shows it, e.g. `connections`, `queries/123`; the check's own unless given. */
  path?: string;
  /** With `unavailable`, `no_data` and `error`: why, and what would enable it. */
  unavailable?: Unavailable;
}

/** What one look at a target answers. */
export interface CheckAnswer {
  /** Every object it judged, green ones too. */
  objects: readonly ObjectState[];
  /** Whether an object that is not among them is gone. A list cut at its limit is not complete. */
  complete: boolean;
  /** What kept single objects (`error`) from being judged, for the log. */
  thrown?: unknown;
  /** When the server was asked, where figures that move slowly are kept for longer than from one evaluation to the next. */
  observedAt?: Date;
}

/** How a check fared when it was last evaluated on this target. */
export interface LastLook {
  checkId: string;
  evaluatedAt: Date;
  /** When it last judged an object, or that there is none; null: never. */
  answeredAt: Date | null;
  /** Looks in a row since that failed or had no figures. */
  failures: number;
  /** What the last look could not do, in words. */
  reason: string | null;
}

/** How a channel goes that people are told by. */
export interface ChannelHealth {
  name: string;
  enabled: boolean;
  /** Since when nothing gets there, and what it answered last. */
  failingSince: Date | null;
  error: string | null;
  /** Why the machine disabled it. */
  disabledBecause: string | null;
  /** Messages that wait. */
  waiting: number;
}

/** An erasure that is not through yet; who asked for it and whose it is stands elsewhere. */
export interface OpenErasure {
  id: string;
  policy: string;
  state: "asked" | "held" | "kept" | "marked";
  /** The day its floor ends. */
  dueAt: Date | null;
  requestedAt: Date;
  lookedAt: Date | null;
  markedAt: Date | null;
  /** Ids of holds, `restriction`, `quarantine`. */
  heldBy: string[];
}

/** A hold that is placed and not in force yet. */
export interface WaitingHold {
  number: number;
  name: string;
  placedAt: Date;
  /** Destructions that began before it and are not settled: intended, or of unknown outcome. */
  awaits: number;
}

/** A request of somebody about their data that has not ended; nothing of the person. */
export interface OpenRequest {
  number: number;
  kind: string;
  state: string;
  /** End of the last day; null while its clock stands. */
  dueAt: Date | null;
  /** End of the last day for telling the person that it arrived; null where no law asks for that, or it was told. */
  acknowledgeBy: Date | null;
  /** Whether the person was answered. */
  answered: boolean;
  /** When something last happened to it, or its job got on. */
  movedAt: Date;
  /** How the newest search for what is left came out; null: there was none. */
  scan: { state: "running" | "done" | "failed"; at: Date } | null;
}

/** What checks look with: reads through the engine's cache, collected history, the one clock. */
export interface CheckContext {
  /** Its `read` never answers last known figures: it throws UNAVAILABLE instead. */
  audit: AuditDb;
  history: History;
  /** Engine statistics of every process that reports. */
  instances(): Promise<InstanceReport[]>;
  /** What keeps the target's tables ahead. */
  upkeep(): Promise<UpkeepRule[]>;
  /** How the checks of this target fared when they were last evaluated, before this evaluation. */
  looks(): Promise<LastLook[]>;
  /** How what the console's workers do over and over fares, for every target. */
  duties(): Promise<DutyState[]>;
  /** The console's channels; none but with its first target, so that one that fails is told once. */
  channels(): Promise<ChannelHealth[]>;
  /** Holds that are not in force yet; none but with the console's first target, as channels. */
  waitingHolds(): Promise<WaitingHold[]>;
  /** Requests of people that have not ended; none but with the console's first target, as channels. */
  requests(): Promise<OpenRequest[]>;
  /** Erasures on the target that are not through yet. */
  erasures(): Promise<OpenErasure[]>;
  /** How the target's log and the privacy ledger stand. */
  ledger(): Promise<LedgerHealth>;
  /** Values that were taken out of events on record: changes that were meant. */
  redactions(): Promise<RecordedRedactions[]>;
  now: Date;
  /**
   * One computation for every check of this evaluation that asks `key`; with `keptMs` for every evaluation of this
   * target in this process within that time. A failure is not kept.
   */
  once<T>(key: string, compute: () => Promise<T>, keptMs?: number): Promise<T>;
}

/** One condition, judged for each object of a target. */
export interface Check {
  /** `topic.condition` in snake case, e.g. `connections.idle_in_transaction`. One id, one condition. */
  id: string;
  /** What it is called in lists, e.g. "Idle in transaction". */
  title: string;
  /** Unit of value and thresholds; null for a condition without a figure. */
  unit: CheckUnit | null;
  /** The page that shows its objects. */
  path: string;
  /** What to do about it: a paragraph for whoever is called at night. */
  runbook: string;
  /** What it takes, in words: a version, a grant, an extension, samples of so long. */
  needs: string;
  /** Where its figures come from: a view, a function, the console's own samples. */
  source?: string;
  /** Why its limits and its patience are what they are; of a simulated rule with its false alarms. */
  why?: string;
  /** The code's own limits; null for a condition without a figure. People may set others (`limitsFor`). */
  thresholds: (Limits & { direction: "rising" | "falling" }) | null;
  /** Seconds for which an object must be bad before it fires; at once unless given. */
  for?: number;
  /** Seconds for which it must be fine before it is over; at once unless given. */
  keepFiringFor?: number;
  /** What several checks tell of, such as a lost standby: their alerts on a target are one incident. */
  cause?: string;
  /** Judged without asking the target: goes on while that is down. All others keep their last states then. */
  whileDown?: true;
  /** What it judges is somebody's choice: where it is not configured, that is shown in the list of checks alone. */
  optional?: true;
  /** Checks that say no more about an object in words while this one is bad: a server that is down is not also behind. */
  covers?: readonly string[];
  /** While it is bad nobody answers: what must ask the target follows from it, and is not told. */
  outage?: true;
  /**
   * It watches integrity, guards, grants, or whether anybody looks: no silence hides it but one that two administrators
   * agreed on, for a day at most, and no maintenance window does. One person alone puts its incidents aside for a day at
   * most, and an administrator alone changes its limits.
   */
  guarded?: true;
  /** The sentence for several bad objects at once, the worst first; without it each is told by itself. */
  tellSeveral?(objects: readonly ObjectState[]): string;
  /** @throws AppError when the look itself failed: its objects keep their last states then */
  evaluate(context: CheckContext, limitsFor: LimitsFor): Promise<CheckAnswer>;
}

/** The limits that apply to an object of this check on this target: a person's, else the code's own. */
export type LimitsFor = (object: CheckObject) => Limits;

/** How long a condition must hold before it counts, in milliseconds. */
export interface Patience {
  /** Bad for so long before it fires; 0: at once. */
  forMs: number;
  /** Fine for so long before it is over. */
  keepFiringMs: number;
}

/** Declares a check. Topics export theirs from `checks.ts`; `lib/checks.ts` names them all. */
export function defineCheck<C extends Check>(check: C): C {
  return check;
}

/** An object's identity as text, the same after a restart or a restore. */
export function objectKey(object: CheckObject): string {
  switch (object.kind) {
    case "target":
      return "target";
    case "session":
      return `session:${object.pid}@${object.backendStart.toISOString()}`;
    case "relation":
      return `relation:${encode(object.database)}/${encode(object.schema)}/${encode(object.name)}${object.part === undefined ? "" : `/${encode(object.part)}`}`;
    default:
      return `${object.kind}:${encode(object.name)}`;
  }
}

/** Whether nothing of it has changed, what `objectKey` leaves out among it. */
export function isSameObject(one: CheckObject, other: CheckObject | undefined): boolean {
  if (one === other) return true;
  switch (one.kind) {
    case "target":
      return other?.kind === "target";
    case "session":
      return (
        other?.kind === "session" &&
        one.pid === other.pid &&
        one.name === other.name &&
        one.backendStart.getTime() === other.backendStart.getTime()
      );
    case "relation":
      return (
        other?.kind === "relation" &&
        one.name === other.name &&
        one.schema === other.schema &&
        one.database === other.database &&
        one.oid === other.oid &&
        one.part === other.part
      );
    default:
      return other?.kind === one.kind && one.name === other.name;
  }
}

/** Most names need nothing of it, and a round asks for the keys of tens of thousands of objects. */
const encode = (text: string) => (/^[\w.-]*$/.test(text) ? text : encodeURIComponent(text));

/** The state of a value against its limits; a limit is reached at its value. */
export function stateAt(
  value: number,
  limits: Limits,
  direction: "rising" | "falling" = "rising",
): "ok" | "warning" | "critical" {
  const beyond = (limit: number | null) =>
    limit !== null && (direction === "rising" ? value >= limit : value < limit);
  if (beyond(limits.critical)) return "critical";
  return beyond(limits.warning) ? "warning" : "ok";
}

/**
 * The answer of a list that comes worst first and is cut at a limit: complete also where its last object is fine, since
 * everything behind it is as well.
 */
export function worstOf(objects: readonly ObjectState[], limit: number): CheckAnswer {
  return { objects, complete: objects.length < limit || objects.at(-1)?.state === "ok" };
}

/**
 * The answer of a check that may not look here, or not yet: one state about the target as a whole. Not complete, so
 * that what it judged before is not taken for gone.
 */
export function cannotJudge(
  title: string,
  unavailable: Unavailable,
  state: "unavailable" | "no_data" = "unavailable",
): CheckAnswer {
  const words = { title, detail: unavailable.reason };
  const objects = [
    { object: { kind: "target" }, state, value: null, threshold: null, since: null, words, unavailable },
  ] as const satisfies readonly ObjectState[];
  return { objects, complete: false };
}
