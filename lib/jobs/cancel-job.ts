import { eq } from "drizzle-orm";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import { notifyJob } from "./job-channel.ts";

/**
 * Ends a job that waits; asks one that runs to end, of which its worker hears within two seconds.
 * @param by whom the list names
 * @throws AppError NOT_FOUND, CONFLICT when it has ended already
 */
export async function cancelJob(
  tx: Tx,
  id: string,
  by: { name: string },
  now: Date,
): Promise<{ state: "cancelled" | "running" }> {
  const { job } = schema;
  const [found] = await tx.select({ state: job.state }).from(job).where(eq(job.id, id)).for("update");
  if (!found) throw new AppError("NOT_FOUND", "There is no job with this id.");
  const { state } = found;
  if (state !== "waiting" && state !== "running")
    throw new AppError("CONFLICT", `This job is ${state}; only a waiting or running one can be cancelled.`);
  const asked = { cancelRequestedAt: now, cancelledBy: by.name };
  await tx
    .update(job)
    .set(state === "waiting" ? { ...asked, state: "cancelled", finishedAt: now } : asked)
    .where(eq(job.id, id));
  await notifyJob(tx, id);
  return { state: state === "waiting" ? "cancelled" : "running" };
}
