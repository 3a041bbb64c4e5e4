import { randomUUID } from "node:crypto";
import { and, eq } from "drizzle-orm";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { notifyJob } from "./job-channel.ts";
import { sendEntry } from "./send-entry.ts";

/**
 * Lets a job that waits for its time go on now, in the caller's transaction: what it waited for has come. Its older entry
 * finds that another stands for the job. @returns false when it does not wait any more
 */
export async function beginNow(tx: Tx, id: string, now: Date): Promise<boolean> {
  const { job } = schema;
  const entryId = randomUUID();
  const [waiting] = await tx
    .update(job)
    .set({ entryId, runAfter: now })
    .where(and(eq(job.id, id), eq(job.state, "waiting")))
    .returning({ serialKey: job.serialKey });
  if (!waiting) return false;
  await sendEntry(tx, { id, entryId, serialKey: waiting.serialKey });
  await notifyJob(tx, id);
  return true;
}
