import { setTimeout as pause } from "node:timers/promises";
import { isConnectionError } from "../audit-db/pool/driver-error.ts";
import { toAppError } from "../errors.ts";
import { meaningOf, sqlStateOf } from "../sql-state.ts";
import { isHeldUp, type StepContext } from "./define-step.ts";
import { stepKind } from "./steps.ts";
import type { PlannedStep, StepOutcome } from "./types.ts";

/** The first attempt at a lock gives up after so long: in a table without long readers nobody notices the wait. */
const firstTimeoutMs = 40;
/** Attempts at the longest time that was approved, before the lock is called contended. */
const attemptsAtLimit = 3;

/** lock_not_available, deadlock_detected */
const contendedStates = new Set(["55P03", "40P01"]);

export type SettledStep = Pick<StepOutcome, "outcome" | "why" | "took"> & {
  before?: true;
  /** Of the attempt that did it. */
  seconds?: number;
};

/**
 * Looks whether a step has happened, and else makes it happen: in one transaction that waits for locks 40 ms, then longer
 * up to what was approved, with pauses in which those who queued behind it get their turn. What the server refuses for
 * good is the outcome `refused`.
 * @param options.justPlanned a plan made under the table's lock has just said that it has not happened: a look at each of a
 *   thousand partitions took a seventh of the time that making them took
 * @throws a lost connection, an abort, and whatever is a fault of ours
 */
export async function attemptStep(
  step: PlannedStep,
  context: StepContext,
  { justPlanned = false } = {},
): Promise<SettledStep> {
  const { session, lockTimeoutMs, signal } = context;
  const look = async (): Promise<SettledStep | null> => {
    const found = await stepKind(step.step.kind).look(session.sql, step.step.params);
    if (found === "done") return { outcome: "done", why: null, before: true };
    return found === "missing"
      ? { outcome: "missing", why: "What it is about is not there any more." }
      : null;
  };
  const before = justPlanned ? null : await look();
  if (before) return before;
  const limits = stepKind(step.step.kind).triesItself ? [lockTimeoutMs] : lockTimeouts(lockTimeoutMs);
  for (const limit of limits) {
    signal.throwIfAborted();
    try {
      const began = performance.now();
      await runStep(step, { ...context, lockTimeoutMs: limit });
      return { outcome: "done", why: null, seconds: (performance.now() - began) / 1_000 };
    } catch (thrown) {
      if (signal.aborted || isConnectionError(thrown)) throw thrown;
      await rollBack(session.sql);
      if (isHeldUp(thrown)) return { outcome: "blocked", why: thrown.message };
      const state = sqlStateOf(thrown);
      if (state === undefined || !contendedStates.has(state)) return (await look()) ?? refusalOf(thrown);
      await pause(pauseMs(limit), undefined, { signal });
    }
  }
  return { outcome: "contended", why: null };
}

/** 40, 80, 160, … and the approved limit itself as often as `attemptsAtLimit`. */
function* lockTimeouts(limitMs: number): Generator<number> {
  for (let timeout = Math.min(firstTimeoutMs, limitMs); timeout < limitMs; timeout *= 2) yield timeout;
  for (let times = 0; times < attemptsAtLimit; times++) yield limitMs;
}

/** Twice to four times as long as others were made to wait, so that they are through before the next attempt. */
const pauseMs = (timeoutMs: number) => timeoutMs * (2 + 2 * Math.random());

async function runStep(step: PlannedStep, context: StepContext): Promise<void> {
  const { session, lockTimeoutMs } = context;
  const kind = stepKind(step.step.kind);
  if (kind.run) return kind.run(context, step.step.params);
  if (step.alone) {
    for (const statement of step.sql) await session.sql.unsafe(statement);
    return;
  }
  // In one message it is one transaction, over also when the connection is lost in between.
  await session.sql.unsafe([`SET LOCAL lock_timeout = ${lockTimeoutMs}`, ...step.sql].join(";\n"));
}

/** A `run` may have begun a transaction of its own. */
async function rollBack(sql: StepContext["session"]["sql"]): Promise<void> {
  await sql.unsafe("ROLLBACK");
}

/** @throws what no server said */
function refusalOf(thrown: unknown): SettledStep {
  const state = sqlStateOf(thrown);
  if (state === undefined) {
    const error = toAppError(thrown);
    if (error.code === "INTERNAL") throw thrown;
    return { outcome: "refused", why: [error.message, error.hint].filter(Boolean).join(" ") };
  }
  const said = thrown instanceof Error ? thrown.message : "";
  // query_canceled: by the time limit that the plan set, since whoever cancels the job aborts its signal.
  if (state === "57014")
    return {
      outcome: "refused",
      why: "It took longer than its plan allows, and was undone. Plan it again with a longer time for locks.",
    };
  return {
    outcome: "refused",
    why: `The server refused it: ${said} (${meaningOf(state).reason}; SQLSTATE ${state}).`,
  };
}
