import { checks } from "../checks.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { assertGuarded } from "./assert-guarded.ts";
import { assertLimits } from "./assert-limits.ts";
import { findCheck } from "./get-check.ts";
import type { ThresholdInput } from "./inputs.ts";
import {
  assertWithin,
  checksOf,
  putThresholds,
  thresholdsAnswer,
  thresholdsInput,
} from "./put-thresholds.ts";
import { assertScope, scopeOf } from "./threshold-scope.ts";

/** Sets thresholds of which some let a guarded check speak of less, or later, than by its own: a second administrator agrees. */
export const setGuardedThresholds = defineAdminAction({
  name: "check.set-guarded",
  role: "admin",
  target: "or all",
  approval: { role: "admin" },
  input: thresholdsInput,
  answer: thresholdsAnswer,
  object: ({ thresholds }) => objectOf(thresholds),
  async assertCould({ tx, actor, auditTargets }, { target, thresholds }) {
    for (const [place, threshold] of thresholds.entries()) {
      assertWithin(target, threshold, place);
      const check = findCheck(checks, threshold.check);
      assertLimits(check, threshold);
      assertGuarded(check, actor, { ...threshold, approved: true });
      await assertScope(tx, { ...scopeOf(threshold), auditTargets });
    }
  },
  async run(context, input) {
    return {
      ...(await putThresholds(context, input, { approved: true })),
      object: objectOf(input.thresholds),
    };
  },
});

function objectOf(thresholds: readonly ThresholdInput[]) {
  const [id = "*", ...others] = checksOf(thresholds);
  if (others.length > 0) return { type: "check", id: "*", name: "thresholds of a file" };
  return { type: "check", id, name: checks.find((check) => check.id === id)?.title ?? id };
}
