import { count, eq } from "drizzle-orm";
import type { AuditDb } from "../audit-db/types.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { consoleDbError, isConsoleOutage, sqlState } from "../db/errors.ts";
import { schema } from "../db/schema.ts";
import { pause } from "../duties/pause.ts";
import { type AppError, toAppError } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import { claimLost } from "./claim.ts";
import { type ClaimedJob, claimJob } from "./claim-job.ts";
import type { AnyJob } from "./define-job.ts";
import { type HeldClaim, holdClaim } from "./hold-claim.ts";
import { createJobContext } from "./job-context.ts";
import type { EntryData } from "./send-entry.ts";
import { type Settlement, settleJob } from "./settle-job.ts";
import { endLostBackends } from "./target-backends.ts";
import { isUnkeepable } from "./unkeepable.ts";

export interface RunnerOptions {
  console: ConsoleDb;
  jobs: readonly AnyJob[];
  openTarget(name: string): AuditDb | undefined;
  logger: Logger;
  holder: string;
  /** Aborts when this process stops: what it runs then goes on elsewhere. */
  stopping: AbortSignal;
  /** Milliseconds after which a checkpoint hands the rest of the work on; below pg-boss's 24 hours. */
  continueAfterMs: number;
}

export interface RunningJob {
  claimed: ClaimedJob;
  held: HeldClaim;
}

/** While a target is away, a lost worker's session there cannot be ended. */
const targetAgainMs = 15_000;
const consoleAgainMs = 1_000;
const settleTries = 8;

/**
 * Runs the job of one entry, if it may: claim, end what a lost worker left on the target, work, settle.
 * @param running holds what this process works on just now
 * @throws when the claim is lost, or the console database takes no settlement: if the entry is still this worker's,
 * pg-boss gives it to the next
 */
export async function runEntry(
  options: RunnerOptions,
  entry: EntryData,
  running: Set<RunningJob>,
): Promise<void> {
  const { console, jobs, holder } = options;
  const jobOf = (name: string) => jobs.find((job) => job.name === name);
  const claimed = await claimJob(console, entry, holder, (name) => jobOf(name) !== undefined);
  const job = claimed && jobOf(claimed.name);
  if (!job) return;
  const { logger } = options;
  const facts = { job: claimed.id, name: claimed.name, attempt: claimed.attempt, target: claimed.target };
  const held = holdClaim(console, claimed, await countLines(console, claimed), logger);
  const one = { claimed, held };
  running.add(one);
  if (options.stopping.aborted) held.interrupt("continued");
  try {
    const settlement = await work(options, job, claimed, held);
    await held.flush();
    held.stop();
    // By our own silence alone the entry may be ours still, and done with if we returned.
    if (!settlement || !(await settle(console, claimed, settlement, logger))) throw claimLost();
    const outcome = settlement.state === "waiting" ? settlement.outcome : settlement.state;
    logger.info({ ...facts, outcome }, "a job's attempt ended");
  } finally {
    held.stop();
    running.delete(one);
  }
}

/** Of earlier attempts. */
async function countLines({ db }: ConsoleDb, { id, attempt }: ClaimedJob): Promise<number> {
  const { jobLog } = schema;
  if (attempt === 1) return 0;
  const [lines] = await db.select({ count: count() }).from(jobLog).where(eq(jobLog.jobId, id));
  return lines?.count ?? 0;
}

/** @returns undefined when there is nothing to settle, since the claim is another's */
async function work(
  options: RunnerOptions,
  job: AnyJob,
  claimed: ClaimedJob,
  held: HeldClaim,
): Promise<Settlement | undefined> {
  const { console, logger, continueAfterMs } = options;
  if (claimed.cancelRequestedAt) return { state: "cancelled", result: null };
  const target = claimed.target === null ? undefined : options.openTarget(claimed.target);
  try {
    if (target && claimed.attempt > 1) await endLostBackends(console, claimed, target);
  } catch (err) {
    held.log(`Waiting for a lost worker's session on the target to end: ${toAppError(err).message}`, "warn");
    return { state: "waiting", outcome: "continued", delayMs: targetAgainMs };
  }
  try {
    const continueAt = Date.now() + continueAfterMs;
    const context = createJobContext({ console, claimed, held, target, logger, continueAt });
    const result = await job.run(context, job.input.parse(claimed.input));
    return held.interrupted() ? interrupted(held, result) : { state: "done", result };
  } catch (thrown) {
    if (held.interrupted()) return interrupted(held, null);
    const error = sqlState(thrown) ? consoleDbError(thrown) : toAppError(thrown);
    // Nothing is wrong with the work.
    if (isConsoleOutage(error)) return { state: "waiting", outcome: "continued", delayMs: consoleAgainMs };
    if (error.code === "INTERNAL")
      logger.error({ err: thrown, job: claimed.id, name: job.name }, "a job failed");
    return failed(job, claimed, error);
  }
}

function interrupted(held: HeldClaim, result: unknown): Settlement | undefined {
  switch (held.interrupted()) {
    case "cancelled":
      return { state: "cancelled", result };
    case "continued":
      return { state: "waiting", outcome: "continued", delayMs: delayUntil(held.goesOnAt()) };
    default:
      return undefined;
  }
}

const delayUntil = (at: Date | null) => (at ? Math.max(0, at.getTime() - Date.now()) : 0);

/** By the job's own policy. */
function failed(job: AnyJob, { failures }: ClaimedJob, thrown: AppError): Settlement {
  const { code, message, hint, result } = thrown;
  const error = { code, message, ...(hint !== undefined && { hint }) };
  const { limit = 0, delaySeconds = 0, backoff = false, notFor = [] } = job.retry ?? {};
  if (failures >= limit || notFor.includes(code))
    return { state: "failed", error, ...(result !== undefined && { result }) };
  const delayMs = delaySeconds * 1_000 * (backoff ? 2 ** failures : 1);
  return { state: "waiting", outcome: "failed", error, delayMs };
}

/**
 * An outcome is worth some patience: without it the work is done again. One that cannot be kept, since its result is no
 * JSON that PostgreSQL holds, is a failure; what the server had no time or place for just now is tried again.
 */
async function settle(
  console: ConsoleDb,
  claimed: ClaimedJob,
  settlement: Settlement,
  logger: Logger,
): Promise<boolean> {
  let settling = settlement;
  for (let tried = 1; ; tried++) {
    try {
      return await settleJob(console, claimed, settling);
    } catch (thrown) {
      if (tried === settleTries) throw thrown;
      if (!isConsoleOutage(thrown)) {
        logger.warn({ err: thrown, job: claimed.id }, "a job's outcome could not be stored");
        if (isUnkeepable(thrown, settling)) settling = { state: "failed", error: unkept };
      }
      if (settling === settlement) await pause(1_000, AbortSignal.timeout(1_000));
    }
  }
}

const unkept = { code: "INTERNAL", message: "The work finished, but its result could not be stored." };
