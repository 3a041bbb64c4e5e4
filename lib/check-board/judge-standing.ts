import type { CheckState } from "../check.ts";
import type { StoredEvaluation } from "../evaluation/read-states.ts";
import type { CountedState } from "../evaluation/stored-checks.ts";
import type { CheckStanding, Freshness, LimitsInForce, StandingObject } from "./types.ts";
import { worstState } from "./worst-state.ts";

/** An evaluator that missed so many of its intervals in a row has stopped. */
const missed = 3;

/**
 * How a check stands: its worst object; nothing is fine that nobody has looked at lately, or whose look failed. What is
 * known to be bad stays so.
 */
export function judgeStanding(given: {
  check: string;
  target: string;
  evaluation: StoredEvaluation | null;
  counted: readonly CountedState[];
  worst: StandingObject | null;
  limits: LimitsInForce | null;
  ownLimits: number;
  intervalSeconds: number;
  now: Date;
}): CheckStanding {
  const { check, target, evaluation, counted, worst, limits, ownLimits } = given;
  const freshness = freshnessOf(evaluation, given);
  const states: CheckState[] = counted.map(({ state }) => state);
  if (evaluation?.error) states.push("error");
  // A list that was cut before its first object says nothing about any.
  if (freshness !== "current" || (counted.length === 0 && evaluation?.complete === false))
    states.push("no_data");
  return {
    check,
    target,
    state: worstState(states) ?? "ok",
    freshness,
    evaluatedAt: evaluation?.evaluatedAt ?? null,
    observedAt: evaluation?.observedAt ?? null,
    counts: Object.fromEntries(counted.map(({ state, objects }) => [state, objects])),
    unconfirmed: counted.reduce((sum, { unconfirmed }) => sum + unconfirmed, 0),
    worst,
    limits,
    ownLimits,
    complete: evaluation?.complete ?? null,
    error: evaluation?.error ?? null,
  };
}

function freshnessOf(
  evaluation: StoredEvaluation | null,
  { intervalSeconds, now }: { intervalSeconds: number; now: Date },
): Freshness {
  if (!evaluation) return "never";
  const age = now.getTime() - evaluation.evaluatedAt.getTime();
  return age > missed * intervalSeconds * 1_000 ? "old" : "current";
}
