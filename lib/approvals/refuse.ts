import { z } from "zod";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { moveApproval, readApproval } from "../verbs/approvals/move-approval.ts";
import { assertSecondPerson, toldOf } from "./guard-second-person.ts";
import { approvalIdInput, commentInput } from "./inputs.ts";

/** Says no to what somebody else asked for, and why. */
export const refuse = defineAdminAction({
  name: "approval.refuse",
  role: "viewer",
  person: true,
  input: z.strictObject({
    approvalId: approvalIdInput,
    comment: commentInput.min(1, "say why"),
  }),
  answer: z.strictObject({ approvalId: z.uuid() }),
  object: ({ approvalId }) => ({ type: "approval", id: approvalId }),
  async run({ tx, actor, now }, { approvalId, comment }) {
    const approval = await readApproval(tx, approvalId);
    assertSecondPerson(actor, approval);
    const decision = {
      decidedBy: actor.person?.id ?? null,
      decidedByName: actor.person?.email ?? null,
      decidedAt: now,
      comment,
    };
    await moveApproval(tx, approval, "refuse", decision, now);
    return { data: { approvalId }, ...toldOf(approval, comment) };
  },
});
