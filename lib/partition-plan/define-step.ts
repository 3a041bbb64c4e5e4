import type { Sql } from "postgres";
import type { ReservedSession } from "../audit-db/pool/reserve.ts";
import type { TableName } from "../audit-db/structural/table-lock.ts";
import type { Estimate } from "./estimates/took.ts";
import type { PlannedStep, StepData } from "./types.ts";

/** What a step says of itself from its parameters alone: shown, digested, and run. */
export type StepPlan = Omit<
  PlannedStep,
  "id" | "step" | "estimatedSeconds" | "estimateFrom" | "effort" | "alone"
> & {
  /** What it knows of its time itself; else it is estimated from runs of the kind, or from what it reads. */
  estimate?: Estimate | null;
  /** What it is taken for where nothing was measured; `from` says so. */
  assumed?: Estimate;
  /**
   * Relations by whose bytes its time grows, one as often as it is read; those of `scans` when left out. `inOrder`: reading
   * the first of them is all that takes time, or the least of it.
   */
  reads?: { of: string[]; inOrder?: "all" | "and more" };
  /**
   * A table that is attached to or detached from: makePlan adds the locks on what foreign keys join to it, and on its
   * default. `attach again`: what was its partition.
   */
  joins?: { table: TableName; change: "attach" | "detach" | "attach again" };
  /**
   * Whose end it waits for, without a lock in anybody's way: of every transaction with an older snapshot, or of every one
   * that has any lock on the first relation of its locks.
   */
  awaits?: "snapshots" | "lockers";
};

/** What a step is given while it runs. */
export interface StepContext {
  /** As the owner of the table; holds the table's lock, and no timeouts but those that `run` sets. */
  session: ReservedSession;
  /** A connection of the watching role, which sees others' sessions. */
  watch<T>(look: (sql: Sql) => Promise<T>): Promise<T>;
  /** The next attempt's limit for locks that writers queue behind. */
  lockTimeoutMs: number;
  /** What this step kept last, by whichever run; null at first. JSON. */
  restored: unknown;
  /** Keeps where to go on. @throws when the claim is lost */
  checkpoint(state: unknown): Promise<void>;
  progress(done: number, total: number | null, unit: string): void;
  /** Until when a statement without timeouts may wait for others; null: ten minutes. */
  giveUpAt: Date | null;
  /** Whom it waits for just now, in words; null for nobody any more. */
  waits(whom: string | null): void;
  log(message: string): void;
  signal: AbortSignal;
}

/** Thrown by `run` where others must end first: the step is `blocked`, for this reason, and tried again. */
export class StepHeldUp extends Error {}

export const isHeldUp = (thrown: unknown): thrown is StepHeldUp => thrown instanceof StepHeldUp;

/** One kind of step. Its parameters are JSON: they stand in a job's checkpoint and outlive the process. */
export interface StepKind<Params> {
  kind: string;
  /** Statements outside of a transaction (CONCURRENTLY, VALIDATE, VACUUM); where their waits block nobody, without timeouts. */
  alone?: true;
  plan(params: Params): StepPlan;
  /**
   * Looks whether it has happened; changes nothing. `missing` when what it is about is not there any more. Asked before
   * each run: a worker may have died between the effect and its note.
   */
  look(sql: Sql, params: Params): Promise<"done" | "not done" | "missing">;
  /** `run` itself tries again for its locks, with work behind it that is worth keeping: it is begun once a round. */
  triesItself?: true;
  /** Only where it is more than its statements in one transaction (or, `alone`, one after the other). */
  run?(context: StepContext, params: Params): Promise<void>;
}

/** Declares a kind of step; `of` makes one as data. `steps.ts` names them all. */
export function defineStep<Params>(
  step: StepKind<Params>,
): StepKind<Params> & { of(params: Params): StepData } {
  return { ...step, of: (params) => ({ kind: step.kind, params }) };
}
