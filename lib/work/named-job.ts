import { eq } from "drizzle-orm";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { noSuchJob } from "./get-job.ts";

const { job } = schema;

/** A job as the activity log names it. @throws AppError NOT_FOUND */
export async function nameJob(tx: Tx, id: string) {
  const [found] = await tx
    .select({ name: job.name, target: job.target, attempt: job.attempt, checkpointAt: job.checkpointAt })
    .from(job)
    .where(eq(job.id, id));
  if (!found) throw noSuchJob();
  return {
    object: { type: "job", id, name: found.name },
    facts: { job: found.name, ...(found.target && { jobTarget: found.target }) },
    hasCheckpoint: found.checkpointAt !== null,
  };
}
