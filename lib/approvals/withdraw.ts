import { z } from "zod";
import { AppError } from "../errors.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { moveApproval, readApproval } from "../verbs/approvals/move-approval.ts";
import { toldOf } from "./guard-second-person.ts";
import { approvalIdInput } from "./inputs.ts";

/** Takes back what one asked for oneself. */
export const withdraw = defineAdminAction({
  name: "approval.withdraw",
  role: "viewer",
  person: true,
  input: z.strictObject({ approvalId: approvalIdInput }),
  answer: z.strictObject({ approvalId: z.uuid() }),
  object: ({ approvalId }) => ({ type: "approval", id: approvalId }),
  async run({ tx, actor, now }, { approvalId }) {
    const approval = await readApproval(tx, approvalId);
    if (actor.person?.id !== approval.requestedBy)
      throw new AppError("FORBIDDEN", `Only ${approval.requestedByName}, who asked for it, withdraws it.`);
    const decision = { decidedBy: actor.person.id, decidedByName: actor.person.email, decidedAt: now };
    await moveApproval(tx, approval, "withdraw", decision, now);
    return { data: { approvalId }, ...toldOf(approval, undefined) };
  },
});
