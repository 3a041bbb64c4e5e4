import { randomUUID } from "node:crypto";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { JobFailure } from "../../drizzle/console/schema/jobs.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { ClaimedJob } from "./claim-job.ts";
import { notifyJob } from "./job-channel.ts";
import { sendEntry } from "./send-entry.ts";

/** How a claim ends. */
export type Settlement =
  | { state: "done"; result: unknown }
  | { state: "cancelled"; result: unknown }
  | { state: "failed"; error: JobFailure; result?: unknown }
  /** The work failed and is tried again. */
  | { state: "waiting"; outcome: "failed"; error: JobFailure; delayMs: number }
  /** Another attempt goes on from the checkpoint. */
  | { state: "waiting"; outcome: "continued"; delayMs: number };

/**
 * Ends a claim, if it is still held. A session on the target that still works for it stays noted: the next attempt
 * ends it first.
 * @returns whether it was
 */
export async function settleJob(
  console: ConsoleDb,
  claimed: Pick<ClaimedJob, "id" | "attempt" | "serialKey">,
  settlement: Settlement,
): Promise<boolean> {
  const { id, attempt, serialKey } = claimed;
  const { job, jobAttempt } = schema;
  const outcome = settlement.state === "waiting" ? settlement.outcome : settlement.state;
  const error = "error" in settlement ? settlement.error : null;
  const again =
    settlement.state === "waiting"
      ? { entryId: randomUUID(), runAfter: new Date(Date.now() + settlement.delayMs) }
      : undefined;
  return console.db.transaction(async (tx) => {
    const settled = await tx
      .update(job)
      .set({
        state: settlement.state,
        ...("result" in settlement && { result: settlement.result ?? null }),
        ...(outcome === "failed" && { failures: sql`${job.failures} + 1` }),
        ...(outcome !== "continued" && { error }),
        ...(again ?? { finishedAt: sql`now()` }),
      })
      .where(and(eq(job.id, id), eq(job.attempt, attempt), eq(job.state, "running")))
      .returning({ id: job.id });
    if (settled.length === 0) return false;
    await Promise.all([
      tx
        .update(jobAttempt)
        .set({ endedAt: sql`now()`, outcome, error })
        .where(and(eq(jobAttempt.jobId, id), eq(jobAttempt.attempt, attempt), isNull(jobAttempt.outcome))),
      again && sendEntry(tx, { id, serialKey, entryId: again.entryId }, again.runAfter),
      notifyJob(tx, id),
    ]);
    return true;
  });
}
