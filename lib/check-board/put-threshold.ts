import type { Check } from "../check.ts";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { VerbContext } from "../verbs/admin-action.ts";
import { assertGuarded } from "./assert-guarded.ts";
import { assertLimits } from "./assert-limits.ts";
import type { ThresholdInput } from "./inputs.ts";
import { assertScope, limitsBefore, scopeOf } from "./threshold-scope.ts";

/**
 * Sets limits and patience for one scope. @returns the limits that applied there before, and do now
 * @param approved a second administrator agrees
 * @throws AppError BAD_INPUT, NOT_FOUND, UNSUPPORTED, FORBIDDEN, as `assertLimits`, `assertGuarded` and `assertScope`
 */
export async function putThreshold(
  { tx, actor, auditTargets, now }: Pick<VerbContext, "actor" | "auditTargets" | "now"> & { tx: Tx },
  check: Check,
  input: ThresholdInput,
  { approved }: { approved: boolean } = { approved: false },
) {
  assertLimits(check, input);
  assertGuarded(check, actor, { ...input, approved });
  const scope = scopeOf(input);
  await assertScope(tx, { ...scope, auditTargets });
  const before = await limitsBefore(tx, check, scope);
  const limits = { warning: input.warning, critical: input.critical };
  const row = {
    limits,
    ...(input.for !== undefined && { forSeconds: input.for }),
    ...(input.keepFiringFor !== undefined && { keepFiringSeconds: input.keepFiringFor }),
    setBy: actor.kind === "user" ? actor.id : null,
    setByName: actor.name,
    setAt: now,
  };
  const { checkThreshold } = schema;
  const [stored] = await tx
    .insert(checkThreshold)
    .values({ ...scope, ...row })
    .onConflictDoUpdate({
      target: [checkThreshold.checkId, checkThreshold.target, checkThreshold.objectKey],
      set: row,
    })
    .returning({ for: checkThreshold.forSeconds, keepFiringFor: checkThreshold.keepFiringSeconds });
  const patience = { for: stored?.for ?? null, keepFiringFor: stored?.keepFiringFor ?? null };
  return { before, after: check.thresholds && limits, ...patience };
}
