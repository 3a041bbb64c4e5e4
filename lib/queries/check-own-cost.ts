import { cannotJudge, defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { durationInWords, percentRoundedDown } from "../words.ts";
import { getStatementStatus } from "./get-status.ts";
import { isLongEnough, learning, readDay, type StatementDay, sampledSeconds } from "./read-day.ts";

/** Below this part of one session's clock the console costs nobody anything, however idle the database is. */
const leastShareOfClock = 0.02;

/** What watching costs the watched. */
export const ownCost = defineCheck({
  id: "queries.own_cost",
  title: "The console's own cost",
  source: "pg_stat_statements, over 24 h: the watching role's statements with our tag",
  why: "The watched database is a guest's house: 1 % of its statement time is what watching may cost, at 3 % it is one of its heavier users. Below 2 % of one session's clock it does not count: on an idle database everything is a large share. Over 24 h.",
  for: 900,
  keepFiringFor: 900,
  unit: "ratio",
  path: "queries",
  runbook:
    "See on Queries which of the console's own statements take the time (shown with own statements). Usual are very many partitions or statement entries, many viewers on short refresh intervals, or a search of events over a long range. Fewer entries (pg_stat_statements.max), a slower refresh and REDIS_URL, by which processes share answers, help; so does telling its authors.",
  needs: "pg_stat_statements, pg_monitor, and a quarter of an hour of samples.",
  thresholds: { warning: 0.01, critical: 0.03, direction: "rising" },
  async evaluate(context, limitsFor) {
    const { unavailable } = await getStatementStatus(context.audit);
    if (unavailable) return cannotJudge("Monitoring overhead cannot be told.", unavailable);
    const day = await readDay(context);
    if (!day || !isLongEnough(day))
      return cannotJudge("Monitoring overhead cannot be told yet.", learning(context.now, day));
    return { objects: [judgeOwnCost(day, limitsFor({ kind: "target" }))], complete: true };
  },
});

export function judgeOwnCost(day: StatementDay, threshold: Limits): ObjectState {
  const seconds = sampledSeconds(day);
  const all = day.totalMs + day.ownMs;
  const value = all > 0 ? day.ownMs / all : 0;
  const material = seconds > 0 && day.ownMs / 1_000 / seconds >= leastShareOfClock;
  return {
    object: { kind: "target" },
    state: material ? stateAt(value, threshold) : "ok",
    value,
    threshold,
    since: null,
    words: {
      title: `The console's own statements took ${percentRoundedDown(value)} of all statement time in the last ${durationInWords(seconds)}.`,
      detail: material
        ? "See on Queries which of its own statements take it."
        : "That is less than 2 % of one session's time, and costs nobody anything.",
    },
  };
}
