import { cannotJudge, defineCheck, type LimitsFor, type ObjectState, stateAt } from "../check.ts";
import { durationInWords, percentRoundedDown } from "../words.ts";
import { getStatementStatus } from "./get-status.ts";
import {
  isLongEnough,
  learning,
  readDay,
  type StatementDay,
  sampledSeconds,
  shareOfClock,
  shareOfTime,
} from "./read-day.ts";
import { statementState, worstStatements } from "./statement-state.ts";
import { queryThresholds } from "./thresholds.ts";
import type { TopQuery } from "./top-query.ts";

/** Statements that take a large part of all statement time, however few their calls. */
export const heavyStatements = defineCheck({
  id: "queries.heavy",
  source: "pg_stat_statements, over 24 h",
  why: "One of many statements with a fifth of all time is worth a look, two fifths are what the server does; below 50 ms on average it is fast and merely frequent. Over 24 h, so one report does not raise it; a quarter of an hour more keeps it from wavering at the limit.",
  for: 900,
  keepFiringFor: 900,
  title: "Heavy statements",
  unit: "ratio",
  path: "queries",
  runbook:
    "One statement takes much of the time that statements take. Its time is what it works and what it waits: see on Connections whether it waits for a lock while it runs, and who holds it; if it does not, look at its plan. Few calls with a long mean are a lock or a report; many calls with a mean above 50 ms are a missing index, or an application that asks for each row alone.",
  needs:
    "pg_stat_statements, pg_monitor, a quarter of an hour of samples, a mean of 50 ms and 1 % of one session's time over what was sampled of 24 h.",
  thresholds: { ...queryThresholds.share, direction: "rising" },
  covers: ["queries.slow"],
  async evaluate(context, limitsFor) {
    const { unavailable } = await getStatementStatus(context.audit);
    if (unavailable) return cannotJudge("Heavy statements cannot be looked for.", unavailable);
    const day = await readDay(context);
    if (!day || !isLongEnough(day))
      return cannotJudge("Heavy statements cannot be looked for yet.", learning(context.now, day));
    return worstStatements(day.statements.map((query) => judgeShare(query, day, limitsFor)));
  },
});

export function judgeShare(query: TopQuery, day: StatementDay, limitsFor: LimitsFor): ObjectState {
  const threshold = limitsFor({ kind: "statement", name: query.key });
  const share = shareOfTime(query, day);
  const meanMs = query.meanMs ?? 0;
  const material =
    meanMs >= queryThresholds.meanMs.warning && shareOfClock(query, day) >= queryThresholds.leastShareOfClock;
  const mean = meanMs < 1_000 ? `${Math.round(meanMs)} ms` : `${(meanMs / 1_000).toFixed(1)} s`;
  return statementState(query, day, {
    state: material ? stateAt(share, threshold) : "ok",
    value: share,
    threshold,
    title: `One statement took ${percentRoundedDown(share)} of all statement time in the last ${durationInWords(sampledSeconds(day))}, ${mean} on average.`,
    advice: "See on Connections whether it waits for a lock while it runs; if not, look at its plan.",
  });
}
