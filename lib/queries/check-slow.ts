import { cannotJudge, defineCheck, type LimitsFor, type ObjectState, stateAt } from "../check.ts";
import { getStatementStatus } from "./get-status.ts";
import { isLongEnough, learning, readDay, type StatementDay, shareOfClock, shareOfTime } from "./read-day.ts";
import { statementState, worstStatements } from "./statement-state.ts";
import { queryThresholds } from "./thresholds.ts";
import type { TopQuery } from "./top-query.ts";

/** Statements that are slow on average over the last 24 hours. */
export const slowStatements = defineCheck({
  id: "queries.slow",
  source: "pg_stat_statements, over 24 h",
  why: "People notice 50 ms behind each click of theirs and give up at 500 ms. Over 24 h; a quarter of an hour more keeps it from wavering at the limit.",
  for: 900,
  keepFiringFor: 900,
  title: "Slow statements",
  unit: "ms",
  path: "queries",
  runbook:
    "Open the statement and look at its plan: a sequential scan over partitions that the time range should have excluded, a sort that spills, a missing index. Then at what it waits for while it runs. A statement that was fast last week has a new plan or more rows: compare its mean over time.",
  needs:
    "pg_stat_statements, pg_monitor, two samples of it, and 50 calls in 24 h, or after a quarter of an hour 5 % of all statement time and 1 % of one session's.",
  thresholds: { ...queryThresholds.meanMs, direction: "rising" },
  tellSeveral: ([worst, ...others]) =>
    `${others.length + 1} statements take more than ${worst?.threshold?.warning ?? worst?.threshold?.critical} ms on average, the slowest ${Math.round(worst?.value ?? 0)} ms.`,
  async evaluate(context, limitsFor) {
    const { unavailable } = await getStatementStatus(context.audit);
    if (unavailable) return cannotJudge("Slow statements cannot be looked for.", unavailable);
    const day = await readDay(context);
    if (!day) return cannotJudge("Slow statements cannot be looked for yet.", learning(context.now, null));
    const judged = day.statements.filter((query) => hasWeight(query, day));
    return worstStatements(judged.map((query) => judgeMean(query, day, limitsFor)));
  },
});

/** Called often, or costly although it is not: the mean of three calls in a night says little. */
export function hasWeight(query: TopQuery, day: StatementDay): boolean {
  return (
    (query.values.calls ?? 0) >= queryThresholds.leastCalls ||
    (isLongEnough(day) &&
      shareOfTime(query, day) >= queryThresholds.leastShare &&
      shareOfClock(query, day) >= queryThresholds.leastShareOfClock)
  );
}

export function judgeMean(query: TopQuery, day: StatementDay, limitsFor: LimitsFor): ObjectState {
  const threshold = limitsFor({ kind: "statement", name: query.key });
  const meanMs = query.meanMs ?? 0;
  const state = stateAt(meanMs, threshold);
  const limit = state === "critical" ? threshold.critical : threshold.warning;
  const beyond = state === "ok" ? "" : `, more than ${limit} ms`;
  return statementState(query, day, {
    state,
    threshold,
    value: meanMs,
    title: `A statement takes ${Math.round(meanMs)} ms on average${beyond}.`,
    advice: "Look at its plan and what it waits for.",
  });
}
