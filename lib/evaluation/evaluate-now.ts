import type { Check } from "../check.ts";
import { AppError } from "../errors.ts";
import type { ReadContext } from "../read.ts";
import type { Observed } from "../result.ts";
import { createCheckContext } from "./check-context.ts";
import { evaluateTarget } from "./evaluate-target.ts";
import type { Finding } from "./finding.ts";
import { type CheckStanding, standingOf } from "./standing.ts";
import { tellFindings } from "./tell-findings.ts";

export type EvaluationContext = Pick<
  ReadContext,
  "audit" | "history" | "instances" | "upkeep" | "now" | "checkStore"
> &
  Partial<
    Pick<
      ReadContext,
      "channels" | "erasures" | "waitingHolds" | "requests" | "ledger" | "redactions" | "looks" | "duties"
    >
  >;

/**
 * How a target stands now, for whoever looks: judged through the engine's cached reads, with `since` from what the
 * leading evaluator wrote. Writes nothing.
 */
export async function evaluateNow(
  context: EvaluationContext,
  checks: readonly Check[],
): Promise<CheckStanding[]> {
  const { target } = context.audit;
  const stored = context.checkStore.states(target);
  const limits = await context.checkStore.limits(target);
  const evaluations = await evaluateTarget(checks, createCheckContext(context), limits);
  return standingOf(evaluations, await stored);
}

/**
 * What a few checks say now, for a page of their own. While the target is down these are the last known states.
 * @throws AppError as the checks did, when nothing is known of any of them
 */
export async function observeFindings(
  context: EvaluationContext,
  checks: readonly Check[],
  source: string,
): Promise<Observed<Finding[]>> {
  const standings = await evaluateNow(context, checks);
  const known = standings.some(({ error, objects }) => !error || objects.length > 0);
  const [first] = standings;
  if (!known && first?.error) throw new AppError(first.error.code, first.error.message, first.error);
  const { state, since, reason } = context.audit.status();
  return {
    data: tellFindings(standings, state === "down"),
    observedAt: context.now,
    source,
    ...(state === "down" && { stale: { since, reason: reason ?? "it does not answer" } }),
  };
}
