import { eq } from "drizzle-orm";
import type { Tx } from "../../db/console-db.ts";
import { type ActivityEntry, recordActivity } from "../../db/record.ts";
import { schema } from "../../db/schema.ts";
import type { AppError } from "../../errors.ts";
import { type Approval, moveApproval } from "./move-approval.ts";

/** How what was approved came out outside the console's transaction, by whoever did it or by whoever looked. */
export interface ApprovedOutcome {
  state: "done" | "failed" | "unknown";
  error?: AppError;
}

/**
 * Keeps an approval in step with the effect it let happen, in the transaction that settles that: failed, or of unknown
 * outcome, is `failed`; found to have been done after all, it is `executed` again. Without an approval it does nothing.
 */
export async function followEffect(
  tx: Tx,
  approvalId: unknown,
  { state, error }: ApprovedOutcome,
  by: { actor: ActivityEntry["actor"]; auditTargets: readonly string[]; now: Date },
): Promise<void> {
  if (typeof approvalId !== "string") return;
  const { approval } = schema;
  const [found] = await tx.select().from(approval).where(eq(approval.id, approvalId));
  if (state !== "done" && found?.state === "executed") await failApproval(tx, found, error, by);
  if (state === "done" && found?.state === "failed") await moveApproval(tx, found, "correct", {}, by.now);
}

/** Writes down that what was approved failed. @throws AppError CONFLICT when somebody else moved it on */
export async function failApproval(
  tx: Tx,
  approval: Approval,
  error: Pick<AppError, "code" | "message"> | undefined,
  { actor, auditTargets, now }: { actor: ActivityEntry["actor"]; auditTargets: readonly string[]; now: Date },
): Promise<void> {
  await moveApproval(tx, approval, "fail", {}, now);
  await recordActivity(
    tx,
    {
      actor,
      action: "approval.fail",
      outcome: "failed",
      target: approval.target,
      object: { type: "approval", id: approval.id, name: approval.action },
      facts: { requested: approval.action, digest: approval.digest, ...(error && { code: error.code }) },
      ...(error && { detail: { message: error.message } }),
    },
    auditTargets,
    now,
  );
}
