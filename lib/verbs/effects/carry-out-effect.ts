import type { z } from "zod";
import { consoleDbError, sqlState } from "../../db/errors.ts";
import type { ActivityEntry } from "../../db/record.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { Effect } from "./effect.ts";
import type { EffectContext } from "./effect-context.ts";
import { type EffectRow, type Intention, intendEffect, keepAlive, renewEffect } from "./intend-effect.ts";
import { lookAtEffect } from "./look-at-effect.ts";
import { type Outcome, settleEffect } from "./settle-effect.ts";
import { takeOverEffects } from "./take-over-effects.ts";

export interface Carrying extends EffectContext {
  /** Whoever acts, with their address; the effect's own row says it otherwise. */
  actor?: ActivityEntry["actor"];
}

/** What the activity log tells of it; whatever else `work` answers is its caller's. */
type Told = Pick<Outcome, "object" | "facts" | "detail">;

/**
 * What does it. What destroys in a target asks `assertOurs` within its transaction there, last before the commit and with
 * its rows locked: whoever slept until others had looked commits nothing any more (ADR 98).
 */
export type EffectWork<T> = (signal: AbortSignal, assertOurs: () => Promise<void>) => Promise<T>;

/**
 * Does something outside the console's transaction so that it stays on record: intended and committed first, then done,
 * then told. What an earlier attempt of the same job left untold is settled before, by looking; what it did is done.
 * @param work what it does; its signal aborts when others already look for themselves
 * @returns null when an earlier attempt of this job had done it
 * @throws what `work` threw, once that is on record
 */
export async function carryOutEffect<Input extends z.ZodType, T extends Told>(
  carrying: Carrying,
  intention: Intention<Input>,
  work: EffectWork<T>,
): Promise<T | null> {
  if (intention.jobId !== undefined) {
    const before = await takeOverEffects(carrying, intention.effect, intention.jobId, intention.input);
    if (before === "done") return null;
  }
  const row = await carrying.console.db.transaction((tx) => intendEffect(tx, intention));
  return finishEffect(carrying, intention.effect, row, work);
}

/** The part after the intention was committed. */
export async function finishEffect<T extends Told>(
  carrying: Carrying,
  effect: Effect,
  row: EffectRow,
  work: EffectWork<T>,
): Promise<T> {
  const taken = new AbortController();
  const stop = keepAlive(carrying.console, row.id, () => taken.abort(new AppError("CONFLICT", lookedUp)));
  const assertOurs = async () => {
    if (!(await renewEffect(carrying.console, row.id)))
      throw new AppError("UNAVAILABLE", lookedUp, { untouched: true });
  };
  try {
    const answer = await work(taken.signal, assertOurs).catch((thrown: unknown) =>
      fail(carrying, effect, row, thrown),
    );
    const { object, facts, detail } = answer;
    await tell(carrying, row, {
      state: "done",
      by: "actor",
      ...(object && { object }),
      ...(facts && { facts }),
      ...(detail && { detail }),
    });
    return answer;
  } finally {
    stop();
  }
}

const lookedUp = "Nothing was heard of it for so long that its outcome was looked up.";

/** Few errors say that nothing happened (`untouched`), the connection may be lost after COMMIT: who can look, looks. */
async function fail(carrying: Carrying, effect: Effect, row: EffectRow, thrown: unknown): Promise<never> {
  const error = toAppError(thrown);
  const sight = error.untouched ? "not done" : await lookAtEffect(carrying, effect, row, new Date());
  const state = ({ done: "done", "not done": "failed", "cannot tell": "unknown" } as const)[sight];
  await tell(carrying, row, { state, by: "actor", error });
  if (sight === "not done") throw thrown;
  throw new AppError(error.code, error.message, {
    cause: thrown,
    hint:
      sight === "done"
        ? "It was done all the same."
        : "Whether it was done is not known yet. The console looks again, and Activity tells what it finds.",
  });
}

async function tell(
  { console, auditTargets, actor }: Carrying,
  row: EffectRow,
  outcome: Outcome,
): Promise<void> {
  try {
    const context = { auditTargets, ...(actor && { actor }), now: new Date() };
    await settleEffect(console, row, outcome, context);
  } catch (thrown) {
    const { code, message } = sqlState(thrown) ? consoleDbError(thrown) : toAppError(thrown);
    throw new AppError(code, message, {
      cause: thrown,
      hint: `It ${outcome.state === "done" ? "was done" : "failed"}, which is not on record yet: the console looks for itself once it can.`,
    });
  }
}
