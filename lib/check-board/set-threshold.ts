import { z } from "zod";
import { checks } from "../checks.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { findCheck } from "./get-check.ts";
import { setThresholdAnswer, thresholdInput } from "./inputs.ts";
import { putThreshold } from "./put-threshold.ts";
import { scopeOf, tellScope } from "./threshold-scope.ts";

/**
 * Sets the limits of a check for a target or all, an object or all, and how patient its alerts are there. The evaluator
 * uses them from its next evaluation on.
 */
export const setThreshold = defineAdminAction({
  name: "check.set-threshold",
  role: "operator",
  target: "or all",
  input: z.strictObject(thresholdInput),
  answer: setThresholdAnswer,
  object: ({ check }) => ({ type: "check", id: check }),
  async run(context, input) {
    const check = findCheck(checks, input.check);
    const { before, after, ...patience } = await putThreshold(context, check, input);
    return {
      data: { check: check.id, target: input.target, object: input.object, before, after, ...patience },
      ...tellScope(check, scopeOf(input)),
      facts: { before, after, unit: check.unit, ...patience },
    };
  },
});
