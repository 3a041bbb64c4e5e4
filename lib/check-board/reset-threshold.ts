import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { checks } from "../checks.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { assertGuarded } from "./assert-guarded.ts";
import { findCheck } from "./get-check.ts";
import { scopeInput, thresholdAnswer } from "./inputs.ts";
import { limitsBefore, scopeOf, tellScope } from "./threshold-scope.ts";

/** Forgets the limits a person set for this scope: those of the wider scope apply again, at last the code's own. */
export const resetThreshold = defineAdminAction({
  name: "check.reset-threshold",
  role: "operator",
  target: "or all",
  input: z.strictObject(scopeInput),
  answer: thresholdAnswer,
  object: ({ check }) => ({ type: "check", id: check }),
  async run({ tx, actor }, input) {
    const check = findCheck(checks, input.check);
    assertGuarded(check, actor);
    const scope = scopeOf(input);
    const before = await limitsBefore(tx, check, scope);
    const { checkThreshold } = schema;
    const removed = await tx
      .delete(checkThreshold)
      .where(
        and(
          eq(checkThreshold.checkId, scope.checkId),
          eq(checkThreshold.target, scope.target),
          eq(checkThreshold.objectKey, scope.objectKey),
        ),
      )
      .returning({ checkId: checkThreshold.checkId });
    if (removed.length === 0)
      throw new AppError("NOT_FOUND", "Nobody has set a threshold there.", {
        hint: "A threshold is reset for the target and object it was set for.",
      });
    const after = await limitsBefore(tx, check, scope);
    return {
      data: { check: check.id, target: input.target, object: input.object, before, after },
      ...tellScope(check, scope),
      facts: { before, after, unit: check.unit },
    };
  },
});
