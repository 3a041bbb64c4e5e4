import { defineCheck, type ObjectState } from "../check.ts";
import type { UpkeepRule } from "../upkeep-rules/rule.ts";
import { isWell, judgeRules } from "./judge-rule.ts";

/** The newest run of a rule did not make what was missing. */
export const upkeepFailed = defineCheck({
  id: "upkeep.failed",
  source: "the console's record of runs",
  why: "The last run's outcome: it is so or not.",
  cause: "upkeep",
  title: "Upkeep failed",
  unit: null,
  path: "partitions",
  runbook:
    "The run says why: a right that the maintenance role lacks (with the GRANT), rows in a default partition, a name that is taken, a server that did not answer. Mend that, then run the upkeep now: it makes what is missing. Until then the partitions that are there go on taking rows; the runway says for how long.",
  needs: "A table whose upkeep a person approved.",
  thresholds: null,
  whileDown: true,
  evaluate: (context) => judgeRules(context, judgeFailed),
});

export function judgeFailed({ last }: UpkeepRule, name: string): Omit<ObjectState, "object"> {
  if (last?.outcome !== "failed")
    return isWell(`The upkeep of ${name} ${last ? "went well" : "has not run yet"}.`);
  return {
    state: "warning",
    value: null,
    threshold: null,
    since: last.at,
    words: { title: `The upkeep of ${name} failed.`, detail: `${last.words} Mend that, then run it now.` },
  };
}
