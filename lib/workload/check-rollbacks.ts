import { defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { type Counts, judgeDatabaseCounts } from "../evaluation/judge-database-counts.ts";
import { durationInWords, percentRoundedDown } from "../words.ts";
import { workloadThresholds } from "./thresholds.ts";

const { windowSeconds, minTransactions, ...limits } = workloadThresholds.rollbackShare;

/** Share of transactions rolled back, when enough ended. */
export const rollbacks = defineCheck({
  id: "workload.rollbacks",
  source: "pg_stat_database.xact_rollback, over 5 min",
  why: "Retries of a healthy application stay below 2 % of its transactions; one in ten is a path that fails always. Five minutes of samples are the window, and it must hold for one more, because a single failing batch fills a quiet window.",
  for: 60,
  keepFiringFor: 300,
  title: "Rollbacks",
  unit: "ratio",
  path: "caches",
  runbook:
    "Each rollback is work thrown away. The server's log names the errors behind them (log_min_error_statement); a release that began at the same time is the usual cause, or a client that opens transactions and leaves them. Deadlocks and lock timeouts show on Connections.",
  needs: "Five minutes of samples of pg_stat_database.",
  thresholds: { ...limits, direction: "rising" },
  evaluate: (context, limitsFor) =>
    judgeDatabaseCounts(context, { subject: "Rollbacks", windowSeconds }, (counts) => ({
      objects: [judgeRollbacks(counts, limitsFor({ kind: "target" }))],
      complete: true,
    })),
});

export function judgeRollbacks(counts: Counts, threshold: Limits): ObjectState {
  const rolledBack = counts["database.rollbacks"] ?? 0;
  const all = rolledBack + (counts["database.commits"] ?? 0);
  const share = all > 0 ? rolledBack / all : null;
  const within = durationInWords(windowSeconds);
  return {
    object: { kind: "target" },
    state: share === null || all < minTransactions ? "ok" : stateAt(share, threshold),
    value: share,
    threshold,
    since: null,
    words: {
      title: `${percentRoundedDown(share ?? 0)} of transactions were rolled back in the last ${within} (${Math.round(rolledBack)} of ${Math.round(all)}).`,
      detail: "Each is work thrown away. The server's log names the errors behind them.",
    },
  };
}
