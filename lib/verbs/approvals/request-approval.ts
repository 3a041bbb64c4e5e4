import type { z } from "zod";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { recordActivity } from "../../db/record.ts";
import { schema } from "../../db/schema.ts";
import type { AwaitsApproval } from "../../result.ts";
import { type AdminAction, type ApprovalRule, keptOf, type VerbContext } from "../admin-action.ts";
import { targetOf } from "../verb-target.ts";
import { openSealed, sealInput } from "./seal-input.ts";
import { withoutSubject } from "./without-subject.ts";

const usualHours = 24;

/** Writes down what is asked for, for somebody else to approve; nothing else happens yet. */
export async function requestApproval(
  action: AdminAction<z.ZodType, unknown>,
  { tx, actor, auditTargets, now }: VerbContext,
  input: unknown,
  { role, expiresHours = usualHours }: ApprovalRule,
): Promise<AwaitsApproval> {
  const { person } = actor;
  if (!person) throw new Error("only people ask for approvals");
  const { json, digest } = sealInput(input);
  openSealed(keptOf(action), { json, digest });
  const object = action.object?.(input);
  const target = targetOf(action, input);
  const id = uuidV7(now.getTime());
  const expiresAt = new Date(now.getTime() + expiresHours * 3_600_000);
  await tx.insert(schema.approval).values({
    id,
    action: action.name,
    target,
    objectType: object?.type ?? null,
    objectId: object?.id ?? null,
    objectName: object?.name ?? null,
    input: json,
    digest,
    approverRole: role,
    requestedBy: person.id,
    requestedByName: person.email,
    requestedToken: actor.kind === "token" ? actor.id : null,
    requestedAt: now,
    expiresAt,
  });
  await recordActivity(
    tx,
    {
      actor,
      action: "approval.request",
      outcome: "success",
      target,
      object: { type: "approval", id, name: action.name },
      facts: { requested: action.name, digest, approverRole: role, expiresAt: expiresAt.toISOString() },
      detail: { input: withoutSubject(json) },
    },
    auditTargets,
    now,
  );
  return { approvalId: id, approverRole: role, expiresAt };
}
