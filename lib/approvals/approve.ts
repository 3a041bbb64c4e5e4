import { z } from "zod";
import { AppError } from "../errors.ts";
import type { ActionResult } from "../result.ts";
import { type AdminAction, defineAdminAction } from "../verbs/admin-action.ts";
import { moveApproval, readApproval } from "../verbs/approvals/move-approval.ts";
import { runApproved } from "../verbs/approvals/run-approved.ts";
import { assertReauthenticated } from "../verbs/assert-reauthenticated.ts";
import { assertSecondPerson, toldOf } from "./guard-second-person.ts";
import { approvalIdInput, commentInput } from "./inputs.ts";

/** A verb by the name that the activity log has for it. */
export type FindAction = (name: string) => AdminAction<z.ZodType, unknown> | undefined;

export interface Approved {
  approvalId: string;
  /** `object.verb` of what ran. */
  action: string;
  /** What that answered. */
  answer: unknown;
}

/**
 * Approves what somebody else asked for and runs it, this input and no other: `digest` says which one the approver saw.
 * Fails as the verb itself does, and then the request is used up.
 */
export function createApprove(find: FindAction) {
  return defineAdminAction({
    name: "approval.approve",
    role: "viewer",
    person: true,
    input: z.strictObject({
      approvalId: approvalIdInput,
      digest: z.string().regex(/^[0-9a-f]{64}$/, "is not a digest: 64 hexadecimal digits"),
      comment: commentInput.optional(),
    }),
    answer: z.strictObject({
      approvalId: z.uuid(),
      action: z.string(),
      answer: z.unknown().meta({ description: "As the action that ran answers it" }),
    }),
    object: ({ approvalId }) => ({ type: "approval", id: approvalId }),
    async run({ tx, actor, now }, { approvalId, digest, comment }) {
      const approval = await readApproval(tx, approvalId);
      assertSecondPerson(actor, approval);
      const action = find(approval.action);
      if (!action)
        throw new AppError(
          "CONFLICT",
          `The console can no longer do what was asked for: ${approval.action}.`,
        );
      assertReauthenticated(action, actor, now);
      if (digest !== approval.digest)
        throw new AppError("CONFLICT", "The request's input is not the one you saw.", {
          hint: "Look at it again.",
        });
      await moveApproval(
        tx,
        approval,
        "approve",
        {
          decidedBy: actor.person?.id ?? null,
          decidedByName: actor.person?.email ?? null,
          decidedAt: now,
          comment: comment || null,
        },
        now,
      );
      const data: Approved = { approvalId, action: approval.action, answer: null };
      return { data, ...toldOf(approval, comment) };
    },
    async afterCommit(context, approved): Promise<ActionResult<Approved>> {
      const approval = await readApproval(context.console.db, approved.approvalId);
      const action = find(approval.action);
      if (!action) throw new Error("an action that was there is gone");
      const result = await runApproved(action, context, approval);
      if (!result.ok) return result;
      const { data, jobId } = result;
      return { ok: true, data: { ...approved, answer: data }, ...(jobId !== undefined && { jobId }) };
    },
  });
}
