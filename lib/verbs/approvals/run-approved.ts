import { eq } from "drizzle-orm";
import type { z } from "zod";
import { schema } from "../../db/schema.ts";
import type { ActionResult, ResultError } from "../../result.ts";
import type { AdminAction } from "../admin-action.ts";
import type { AdminContext } from "../admin-context.ts";
import { runAdminAction } from "../run-admin-action.ts";
import { failApproval } from "./follow-effect.ts";
import { type Approval, readApproval } from "./move-approval.ts";

/**
 * Runs what was approved, as the act of whoever asked, once: when it fails, the request is used up. A process that dies
 * in between leaves it approved until it expires; it never runs by itself.
 */
export async function runApproved(
  action: AdminAction<z.ZodType, unknown>,
  context: AdminContext,
  approval: Approval,
): Promise<ActionResult<unknown>> {
  const result = await runAdminAction(action, { ...context, approved: approval }, approval.input);
  if (!result.ok) await recordFailure(context, approval, result.error);
  else if (result.jobId !== undefined) await noteJob(context, approval.id, result.jobId);
  return result;
}

/** For whoever looks at the request later; the job's own record says who asked for it. */
async function noteJob({ console }: AdminContext, id: string, jobId: string): Promise<void> {
  const { approval } = schema;
  await console.db
    .update(approval)
    .set({ jobId })
    .where(eq(approval.id, id))
    .catch(() => {});
}

/** Once it is `executed`, its effect has begun: how that came out moves it (`follow-effect.ts`), and nothing else. */
async function recordFailure(
  { console, actor, auditTargets, logger, now = new Date() }: AdminContext,
  { id }: Approval,
  error: ResultError,
): Promise<void> {
  if (!actor) return;
  try {
    await console.db.transaction(async (tx) => {
      const approval = await readApproval(tx, id);
      if (approval.state === "approved")
        await failApproval(tx, approval, error, { actor, auditTargets, now });
    });
  } catch (thrown) {
    logger?.error({ err: thrown, approval: id }, "that what was approved failed could not be recorded");
  }
}
