import type { Check } from "../check.ts";
import { env } from "../env.ts";
import { everything } from "../evaluation/limits.ts";
import type { StoredChecks } from "../evaluation/stored-checks.ts";
import type { Observed } from "../result.ts";
import { describeCheck } from "./describe-check.ts";
import { judgeStanding } from "./judge-standing.ts";
import { limitsInForce } from "./limits-in-force.ts";
import { toObject } from "./to-object.ts";
import type { CheckBoard } from "./types.ts";
import { rankingOf } from "./worst-state.ts";

/** How every check stands on each of these targets, from what the evaluator stored; nothing is evaluated. */
export async function getChecks(
  stored: StoredChecks,
  { checks, targets, now }: { checks: readonly Check[]; targets: readonly string[]; now: Date },
): Promise<Observed<CheckBoard>> {
  const intervalSeconds = env().CHECKS_EVERY_SECONDS;
  const definitions = checks.map(describeCheck);
  const [evaluations, counts, worst, thresholds] = await Promise.all([
    stored.evaluations(targets),
    stored.counts(targets),
    stored.worst(targets, rankingOf(checks)),
    stored.thresholds(targets),
  ]);
  const of = (each: { target: string; checkId: string }) => `${each.target} ${each.checkId}`;
  const evaluationOf = new Map(evaluations.map((each) => [of(each), each]));
  const worstOf = new Map(worst.map((each) => [of(each), toObject(each)]));
  const countsOf = Map.groupBy(counts, of);
  const standings = targets.flatMap((target) =>
    definitions.map((check) => {
      const key = of({ target, checkId: check.id });
      const own = thresholds.filter(
        (set) =>
          set.checkId === check.id &&
          set.objectKey !== everything &&
          (set.target === everything || set.target === target),
      );
      return judgeStanding({
        check: check.id,
        target,
        evaluation: evaluationOf.get(key) ?? null,
        counted: countsOf.get(key) ?? [],
        worst: worstOf.get(key) ?? null,
        limits: limitsInForce(check, thresholds, target, everything),
        ownLimits: new Set(own.map(({ objectKey }) => objectKey)).size,
        intervalSeconds,
        now,
      });
    }),
  );
  const newest = Math.max(...standings.map(({ evaluatedAt }) => evaluatedAt?.getTime() ?? 0), 0);
  return {
    data: { targets: [...targets], checks: definitions, standings, intervalSeconds },
    observedAt: newest > 0 ? new Date(newest) : now,
    source: "console: check_state, check_evaluation, check_threshold",
  };
}
