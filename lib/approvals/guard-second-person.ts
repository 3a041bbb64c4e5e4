import type { Actor } from "../auth/actor.ts";
import { can, roleNames } from "../auth/roles.ts";
import { personToken } from "../db/record.ts";
import { AppError } from "../errors.ts";
import type { Approval } from "../verbs/approvals/move-approval.ts";

/** @throws AppError FORBIDDEN unless the actor stands for somebody else than who asked, with the role it needs */
export function assertSecondPerson({ role, person }: Actor, approval: Approval): void {
  const { approverRole, requestedBy } = approval;
  if (!can(role, approverRole))
    throw new AppError("FORBIDDEN", `This needs somebody with the role ${roleNames[approverRole]}.`);
  if (person?.id === requestedBy)
    throw new AppError(
      "FORBIDDEN",
      "Somebody else must decide this: you asked for it, or a token of yours did.",
      {
        hint: "You may withdraw it.",
      },
    );
}

/** What is recorded of a decision; what people type stays in the activity log. */
export function toldOf(approval: Approval, comment: string | undefined) {
  const { id, action, digest, requestedBy, requestedByName, target } = approval;
  return {
    target,
    object: { type: "approval", id, name: action },
    facts: { requested: action, digest, requestedByToken: personToken(requestedBy) },
    detail: { requestedBy: requestedByName, ...(comment && { comment }) },
  };
}
