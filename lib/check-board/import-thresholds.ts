import { z } from "zod";
import { checks } from "../checks.ts";
import { AppError } from "../errors.ts";
import { targetInput } from "../inputs.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { findCheck } from "./get-check.ts";
import { thresholdInput } from "./inputs.ts";
import { putThreshold } from "./put-threshold.ts";

/** Sets many thresholds at once, all or none; what is not named stays as it is. */
export const importThresholds = defineAdminAction({
  name: "check.import",
  role: "operator",
  target: "or all",
  input: z.strictObject({
    /** Where the thresholds may lie; `*`: anywhere. */
    target: z.union([z.literal("*"), targetInput]),
    thresholds: z.array(z.strictObject(thresholdInput)).min(1).max(1_000),
  }),
  answer: z.strictObject({ set: z.number() }),
  object: () => ({ type: "check", id: "*" }),
  async run(context, { target, thresholds }) {
    for (const [place, threshold] of thresholds.entries()) {
      if (target !== "*" && threshold.target !== target)
        throw new AppError(
          "BAD_INPUT",
          `Threshold ${place + 1} is for ${threshold.target}, not for ${target}.`,
        );
      await putThreshold(context, findCheck(checks, threshold.check), threshold);
    }
    const named = [...new Set(thresholds.map(({ check }) => check))].toSorted();
    return {
      data: { set: thresholds.length },
      object: { type: "check", id: "*", name: "thresholds of a file" },
      target: target === "*" ? null : target,
      facts: { set: thresholds.length, checks: named },
    };
  },
});
