import { defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { type Counts, judgeDatabaseCounts } from "../evaluation/judge-database-counts.ts";
import { counted, durationInWords } from "../words.ts";
import { workloadThresholds } from "./thresholds.ts";

const { windowSeconds, ...limits } = workloadThresholds.deadlocks;

/** Deadlocks the server broke by ending one of the transactions. */
export const deadlocks = defineCheck({
  id: "workload.deadlocks",
  source: "pg_stat_database.deadlocks, over 5 min",
  why: "One deadlock is bad luck and still an error that somebody saw; more than five a minute are two code paths that meet. The window of five minutes keeps it visible.",
  keepFiringFor: 300,
  title: "Deadlocks",
  unit: "count",
  path: "connections",
  runbook:
    "Two transactions each waited for a lock of the other's, and the server ended one with an error (40P01). Its log shows both statements. Take locks in one order everywhere, keep transactions short, and let the application try again. One is bad luck; several a minute are two code paths that meet.",
  needs: "Five minutes of samples of pg_stat_database.",
  thresholds: { ...limits, direction: "rising" },
  evaluate: (context, limitsFor) =>
    judgeDatabaseCounts(context, { subject: "Deadlocks", windowSeconds }, (counts) => ({
      objects: [judgeDeadlocks(counts, limitsFor({ kind: "target" }))],
      complete: true,
    })),
});

export function judgeDeadlocks(counts: Counts, threshold: Limits): ObjectState {
  const count = Math.round(counts["database.deadlocks"] ?? 0);
  const within = durationInWords(windowSeconds);
  return {
    object: { kind: "target" },
    state: stateAt(count, threshold),
    value: count,
    threshold,
    since: null,
    words: {
      title: `${counted(count, "deadlock")} ${count === 1 ? "was" : "were"} broken in the last ${within}.`,
      detail:
        "Two transactions each waited for a lock of the other's, and one was ended with an error. The server's log shows both statements; taking locks in one order avoids it.",
    },
  };
}
