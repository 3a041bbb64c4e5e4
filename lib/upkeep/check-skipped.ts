import { defineCheck, type ObjectState } from "../check.ts";
import type { UpkeepRule } from "../upkeep-rules/rule.ts";
import { isWell, judgeRules } from "./judge-rule.ts";

/** The newest run of a rule had no time, or got no lock in the time it had. */
export const upkeepSkipped = defineCheck({
  id: "upkeep.window_skipped",
  source: "the console's record of runs",
  why: "The last window's outcome: it is so or not.",
  cause: "upkeep",
  title: "Upkeep's window skipped",
  unit: null,
  path: "partitions",
  runbook:
    "Nobody was made to wait longer than the rule allows, so nothing was made: somebody held a lock on the table all the time, or no worker ran in the window. See who holds it (Connections), end what was forgotten there, or give the rule a longer window; then run it now.",
  needs: "A table whose upkeep a person approved.",
  thresholds: null,
  whileDown: true,
  evaluate: (context) => judgeRules(context, judgeSkipped),
});

export function judgeSkipped({ last }: UpkeepRule, name: string): Omit<ObjectState, "object"> {
  if (last?.outcome !== "contended" && last?.outcome !== "missed")
    return isWell(`The upkeep of ${name} ${last ? "had the time it needed" : "has not run yet"}.`);
  const how = last.outcome === "contended" ? "got no lock in the time it had" : "missed its window";
  return {
    state: "warning",
    value: null,
    threshold: null,
    since: last.at,
    words: {
      title: `The upkeep of ${name} ${how}.`,
      detail: `${last.words} It is tried again with the next run.`,
    },
  };
}
