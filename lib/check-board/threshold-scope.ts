import { and, eq, inArray, sql } from "drizzle-orm";
import type { Check, Limits } from "../check.ts";
import type { Queryable, Tx } from "../db/console-db.ts";
import type { ActivityEntry } from "../db/record.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { describeCheck } from "./describe-check.ts";
import { limitsInForce } from "./limits-in-force.ts";

/** Where a threshold applies; `*` for every target and for every object. */
export interface ThresholdScope {
  checkId: string;
  target: string;
  objectKey: string;
}

export function scopeOf(input: { check: string; target: string; object: string }): ThresholdScope {
  return { checkId: input.check, target: input.target, objectKey: input.object };
}

/** That there is such an object, and that it lasts. @throws AppError NOT_FOUND, BAD_INPUT */
export async function assertScope(
  db: Queryable,
  { checkId, target, objectKey, auditTargets }: ThresholdScope & { auditTargets: readonly string[] },
): Promise<void> {
  if (objectKey === "*") return;
  if (objectKey.startsWith("session:")) {
    const message = "A session ends: set the limits for the whole target instead.";
    throw new AppError("BAD_INPUT", message, { fields: { object: message } });
  }
  const { checkState } = schema;
  const [known] = await db
    .select({ one: sql`1` })
    .from(checkState)
    .where(
      and(
        inArray(checkState.target, target === "*" ? [...auditTargets] : [target]),
        eq(checkState.checkId, checkId),
        eq(checkState.objectKey, objectKey),
      ),
    )
    .limit(1);
  if (!known) throw new AppError("NOT_FOUND", `The check has no object "${objectKey}" there.`);
}

/** The limits that apply to exactly this scope as things stand. */
export async function limitsBefore(
  tx: Tx,
  check: Check,
  { checkId, target, objectKey }: ThresholdScope,
): Promise<Limits | null> {
  const { checkThreshold } = schema;
  const rows = await tx
    .select()
    .from(checkThreshold)
    .where(eq(checkThreshold.checkId, checkId))
    .for("update");
  const thresholds = rows.map((row) => ({ ...row, limits: row.limits as Limits }));
  const found = limitsInForce(describeCheck(check), thresholds, target, objectKey);
  return check.thresholds && found && { warning: found.warning, critical: found.critical };
}

/** How the activity log tells it. An object's name may be a role's, and so a person's: it is left out of the audit event. */
export function tellScope(
  check: Check,
  { target, objectKey }: ThresholdScope,
): Pick<ActivityEntry, "object" | "target" | "detail"> {
  return {
    object: { type: "check", id: check.id, name: check.title },
    target: target === "*" ? null : target,
    detail: objectKey === "*" ? {} : { of: objectKey },
  };
}
