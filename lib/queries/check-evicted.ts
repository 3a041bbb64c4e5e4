import { cannotJudge, defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { growth } from "../collector/history/ratio.ts";
import { counted } from "../words.ts";
import { getStatementStatus, type StatementStatus } from "./get-status.ts";
import { queryThresholds } from "./thresholds.ts";

const series = "statements.dealloc";
const dayMinutes = 1_440;

/** Statistics evicted because pg_stat_statements was full, over the last 24 hours. */
export const evictedStatements = defineCheck({
  id: "queries.evicted",
  source: "pg_stat_statements_info.dealloc, over 24 h",
  why: "Any eviction loses figures. It is told from the first on, and critical only while nine of ten entries are in use.",
  keepFiringFor: 900,
  title: "Statement statistics evicted",
  unit: "count",
  path: "queries",
  runbook:
    "pg_stat_statements was full and evicted its least-executed entries, so figures of rarer statements have gaps. Raise pg_stat_statements.max (a restart), or send values as parameters instead of writing them into the text: thousands of texts that differ in a number are the usual cause.",
  needs: "pg_stat_statements 1.9 or newer, pg_monitor, and samples of it.",
  thresholds: { ...queryThresholds.evictions, direction: "rising" },
  async evaluate({ audit, history, now }, limitsFor) {
    const { data: status, unavailable } = await getStatementStatus(audit);
    if (unavailable) return cannotJudge("Evicted statement statistics are not counted.", unavailable);
    // A point a minute, as sampled: a rate times a longer step would count what the step was not sampled for.
    const range = { from: new Date(now.getTime() - dayMinutes * 60_000), to: now };
    const { series: found, stepSeconds } = await history.totals(audit.target, [series], range, dayMinutes);
    const evictions = growth(found[series], stepSeconds);
    return { objects: [judgeEvictions(evictions, status, limitsFor({ kind: "target" }))], complete: true };
  },
});

export function judgeEvictions(
  evictions: number,
  { entries, max }: Pick<StatementStatus, "entries" | "max">,
  threshold: Limits,
): ObjectState {
  const count = Math.round(evictions);
  const fill = entries !== null && max ? entries / max : 0;
  const state = stateAt(count, threshold);
  return {
    object: { kind: "target" },
    state: state === "warning" && fill >= queryThresholds.fill.critical ? "critical" : state,
    value: count,
    threshold,
    since: null,
    words: {
      title: `Statement statistics were evicted ${counted(count, "time")} in 24 h because pg_stat_statements was full.`,
      detail: `pg_stat_statements holds ${entries ?? "?"} of ${max ?? "?"} entries, so figures of rarer statements have gaps. Raise pg_stat_statements.max (takes a restart), or send values as parameters instead of writing them into the text.`,
    },
  };
}
