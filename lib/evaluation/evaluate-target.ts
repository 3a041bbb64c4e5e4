import type { Check, CheckContext } from "../check.ts";
import { cannotBeAsked } from "./check-context.ts";
import { type Compare, type Evaluation, evaluateCheck, skipCheck } from "./evaluate-check.ts";
import type { LimitsOf } from "./limits.ts";

/**
 * Evaluates checks on one target, all with the same `now`. While the target is down only those that do not ask it are
 * evaluated; they come last in any case, because the reads of the others may be what notices an outage.
 * @returns one evaluation a check, in the order given
 */
export async function evaluateTarget(
  checks: readonly Check[],
  context: CheckContext,
  limitsOf: LimitsOf,
  compare?: Compare,
): Promise<Evaluation[]> {
  const { status } = context.audit;
  const evaluate = (check: Check) => evaluateCheck(check, context, limitsOf(check), compare);
  const asking = checks.filter((check) => !check.whileDown);
  const before = status();
  const asked =
    before.state === "down"
      ? asking.map((check) => skipCheck(check, context.now, outage(before)))
      : await Promise.all(asking.map(evaluate));
  const others = await Promise.all(checks.filter((check) => check.whileDown).map(evaluate));
  const found = new Map([...asked, ...others].map((evaluation) => [evaluation.check, evaluation]));
  return checks.flatMap((check) => found.get(check) ?? []);
}

function outage({ reason, since }: ReturnType<CheckContext["audit"]["status"]>) {
  return cannotBeAsked(reason ?? "it does not answer", since);
}
