import { z } from "zod";
import { checks } from "../checks.ts";
import { schema } from "../db/schema.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { assertLimits } from "./assert-limits.ts";
import { findCheck } from "./get-check.ts";
import { setThresholdAnswer, thresholdInput } from "./inputs.ts";
import { assertScope, limitsBefore, scopeOf, tellScope } from "./threshold-scope.ts";

/** Sets the limits of a check for a target or all, an object or all. The evaluator uses them from its next evaluation on. */
export const setThreshold = defineAdminAction({
  name: "check.set-threshold",
  role: "operator",
  target: "or all",
  input: z.strictObject(thresholdInput),
  answer: setThresholdAnswer,
  object: ({ check }) => ({ type: "check", id: check }),
  async run(context, input) {
    const { tx, actor, auditTargets, now } = context;
    const check = findCheck(checks, input.check);
    assertLimits(check, input);
    await assertScope(tx, { ...scopeOf(input), auditTargets });
    const before = await limitsBefore(tx, check, scopeOf(input));
    const after = { warning: input.warning, critical: input.critical };
    const row = {
      limits: after,
      setBy: actor.kind === "user" ? actor.id : null,
      setByName: actor.name,
      setAt: now,
    };
    await tx
      .insert(schema.checkThreshold)
      .values({ ...scopeOf(input), ...row })
      .onConflictDoUpdate({
        target: [
          schema.checkThreshold.checkId,
          schema.checkThreshold.target,
          schema.checkThreshold.objectKey,
        ],
        set: row,
      });
    return {
      data: { check: check.id, target: input.target, object: input.object, before, after },
      ...tellScope(check, scopeOf(input)),
      facts: { before, after, unit: check.unit },
    };
  },
});
