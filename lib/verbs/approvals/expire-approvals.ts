import { and, inArray, lte } from "drizzle-orm";
import { systemActor } from "../../auth/actor.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import { recordActivity } from "../../db/record.ts";
import { schema } from "../../db/schema.ts";
import { moveApproval } from "./move-approval.ts";

/** Writes down which requests nobody decided, or nobody ran, in time. @returns how many */
export async function expireApprovals(
  { db }: Pick<ConsoleDb, "db">,
  auditTargets: readonly string[],
  now: Date = new Date(),
): Promise<number> {
  const { approval } = schema;
  return db.transaction(async (tx) => {
    const due = await tx
      .select()
      .from(approval)
      .where(and(inArray(approval.state, ["requested", "approved"]), lte(approval.expiresAt, now)))
      .orderBy(approval.expiresAt)
      .limit(1_000)
      .for("update", { skipLocked: true });
    for (const one of due) {
      await moveApproval(tx, one, "expire", {}, now);
      await recordActivity(
        tx,
        {
          actor: systemActor("approvals"),
          action: "approval.expire",
          outcome: "success",
          target: one.target,
          object: { type: "approval", id: one.id, name: one.action },
          facts: { requested: one.action, digest: one.digest, from: one.state },
        },
        auditTargets,
        now,
      );
    }
    return due.length;
  });
}
