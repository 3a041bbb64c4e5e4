import type { Sql } from "postgres";
import type { z } from "zod";
import type { Purpose } from "../audit-db/purpose.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { ConsoleDb, Tx } from "../db/console-db.ts";
import type { ErrorCode } from "../errors.ts";
import type { Logger } from "../log/log.ts";

/**
 * What a job works with. Each write it makes here names its attempt: one whose claim was taken over writes nothing, and its
 * `signal` has aborted by then.
 */
export interface JobContext {
  id: string;
  /** Number of this claim, from 1. */
  attempt: number;
  console: ConsoleDb;
  /**
   * The target it works on. What `use` lends for a purpose that writes is noted as `holding` does.
   * @throws AppError NOT_FOUND when it is configured no more, or the job has none
   */
  audit: AuditDb;
  /**
   * Notes the session on the target that works, for as long as `work` takes: a frozen client's lives on with its locks,
   * and whoever takes this job over ends it first. For sessions that do not come from `audit.use`.
   * @throws when the claim is lost
   */
  holding<T>(purpose: Purpose, session: Sql, work: () => Promise<T>): Promise<T>;
  /** Aborts when the claim is lost, the job is cancelled or the worker stops: return or throw soon. */
  signal: AbortSignal;
  now(): Date;
  /**
   * Waits for others. Only for a moment in its place: a longer wait hands the place back, and the next attempt begins then,
   * with what the last `checkpoint` kept. @throws what `signal` aborted with, also where the place is handed back
   */
  waitUntil(at: Date): Promise<void>;
  /** How far it is; kept at most once a second. @param total null while it is not known */
  progress(done: number, total: number | null, unit: string): void;
  /** A line for people who look at the job; no secret and no personal data. */
  log(message: string, level?: "info" | "warn" | "error"): void;
  logger: Logger;
  /** What the last `checkpoint` of this job kept, by whichever attempt; null at first. */
  restored: unknown;
  /** Keeps where to go on after a crash. @throws when the claim is lost */
  checkpoint(state: unknown): Promise<void>;
  /**
   * Writes into the console in one transaction while the claim is held: whoever takes the job over waits for its end. For what
   * an attempt that was cut off must not do over the head of the next one, and need not be noted. @throws when the claim is lost
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Does something once in this job, however often it is run: in the transaction that notes it, so exactly once for
   * what stands in the console. The first run's answer (JSON) is kept and given again.
   */
  once<T>(key: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * The same for an effect elsewhere: `done` looks whether it has happened already (null: it has not), `do` makes it
   * happen. Between the two a crash may lie, so each run looks first.
   */
  once<T>(key: string, effect: { done?(): Promise<T | null>; do(): Promise<T> }): Promise<T>;
}

export interface Job<Input extends z.ZodType = z.ZodType, Result = unknown> {
  /** `topic.verb`, e.g. `privacy.rewrap_keys` */
  name: string;
  /** What it does, for people: "Wrap data keys under the new master key". */
  title: string;
  input: Input;
  /** Whether it works on a target: its input then has `target`, and `audit` is that one. */
  target?: true;
  /**
   * How failures of the work itself are tried again, but those that no other try changes (`notFor`); lost workers are
   * replaced whatever stands here.
   */
  retry?: { limit: number; delaySeconds: number; backoff?: boolean; notFor?: readonly ErrorCode[] };
  /** Whether a second one on the same target (or console) waits, until the first is done. Default true. */
  oneAtATime?: boolean;
  /** Days its row is kept after its end. Default 90. */
  keepDays?: number;
  /** @throws AppError what it failed with; its `result` is kept where it is not tried again */
  run(context: JobContext, input: z.infer<Input>): Promise<Result>;
}

/** A job of any input, for lists of them. */
// biome-ignore lint/suspicious/noExplicitAny: what `run` takes differs from one to the next
export type AnyJob = Job<any, any>;

/** Declares a job. Topics export theirs from `jobs.ts`; `lib/job-handlers.ts` names them all. */
export function defineJob<Input extends z.ZodType, Result>(job: Job<Input, Result>): Job<Input, Result> {
  return job;
}
