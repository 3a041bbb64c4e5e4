import { defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { periodOf } from "../upkeep-rules/period.ts";
import type { UpkeepRule } from "../upkeep-rules/rule.ts";
import { durationInWords } from "../words.ts";
import { judgeRules } from "./judge-rule.ts";

/** How often a rule's run was due since the last that went well. */
export const upkeepStale = defineCheck({
  id: "upkeep.stale",
  source: "the console's record of runs",
  why: "One failed run is told by itself; twice its period without success does not mend itself, four times means that nobody looks.",
  cause: "upkeep",
  title: "Upkeep overdue",
  unit: "count",
  path: "partitions",
  runbook:
    "Counted in periods of the rule's own expression, from the last run that went well, or since it is on. One failed run is told by itself; twice its period without success means that it does not mend itself, four times that nobody looks. See the last run, whether a worker runs, and whether it reaches the target.",
  needs: "A table whose upkeep a person approved.",
  thresholds: { warning: 2, critical: 4, direction: "rising" },
  whileDown: true,
  covers: ["upkeep.failed", "upkeep.window_skipped"],
  evaluate: (context, limitsFor) =>
    judgeRules(context, (rule, name) => {
      const { schema, name: table } = rule.table;
      const limits = limitsFor({ kind: "relation", database: rule.database, schema, name: table });
      return judgeStale(rule, name, limits, context.now);
    }),
});

export function judgeStale(
  rule: UpkeepRule,
  name: string,
  threshold: Limits,
  now: Date,
): Omit<ObjectState, "object"> {
  const { succeededAt, onSince, last } = rule;
  const from = Math.max(succeededAt?.getTime() ?? 0, onSince?.getTime() ?? 0);
  const seconds = Math.max(0, now.getTime() - from) / 1_000;
  const period = periodOf(rule, now) / 1_000;
  const value = Math.floor((seconds / period) * 100) / 100;
  const since = succeededAt ? "not gone well for" : "never gone well, on since";
  const why =
    last && last.outcome !== "done" && last.outcome !== "nothing to do" ? `Its last run: ${last.words} ` : "";
  return {
    state: stateAt(value, threshold),
    value,
    threshold,
    since: null,
    words: {
      title: `The upkeep of ${name} has ${since} ${durationInWords(seconds)}, with a run due every ${durationInWords(period)}.`,
      detail: `${why}See the last run, and whether a worker runs.`,
    },
  };
}
