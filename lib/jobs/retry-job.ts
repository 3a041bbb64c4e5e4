import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { notifyJob } from "./job-channel.ts";
import { sendEntry } from "./send-entry.ts";

/**
 * Lets a job that failed or was cancelled wait again; it goes on from its checkpoint, and what `once` has done stays
 * done.
 * @param by whom its log names
 * @throws AppError NOT_FOUND, CONFLICT in any other state
 */
export async function retryJob(tx: Tx, id: string, by: { name: string }, now: Date): Promise<void> {
  const { job } = schema;
  const [found] = await tx
    .select({ state: job.state, serialKey: job.serialKey, attempt: job.attempt })
    .from(job)
    .where(eq(job.id, id))
    .for("update");
  if (!found) throw new AppError("NOT_FOUND", "There is no job with this id.");
  if (found.state !== "failed" && found.state !== "cancelled")
    throw new AppError(
      "CONFLICT",
      `This job is ${found.state}; only a failed or cancelled one can be retried.`,
    );
  const entryId = randomUUID();
  await tx
    .update(job)
    .set({
      entryId,
      state: "waiting",
      failures: 0,
      error: null,
      result: null,
      runAfter: now,
      finishedAt: null,
      cancelRequestedAt: null,
      cancelledBy: null,
    })
    .where(eq(job.id, id));
  await tx.insert(schema.jobLog).values({
    jobId: id,
    attempt: found.attempt,
    at: now,
    level: "info",
    message: `Retried by ${by.name}.`,
  });
  await sendEntry(tx, { id, entryId, serialKey: found.serialKey });
  await notifyJob(tx, id);
}
