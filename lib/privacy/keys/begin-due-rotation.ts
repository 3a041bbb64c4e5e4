import { and, eq, inArray } from "drizzle-orm";
import { systemActor } from "../../auth/actor.ts";
import type { ConsoleDb } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { enqueueJob } from "../../jobs/enqueue-job.ts";
import { rotateMasterKeyJob } from "./rotate-master-key-job.ts";

/** Puts the rotation into the queue whose day has come, unless one is open already. For one process at a time. */
export async function beginDueRotation({ db }: ConsoleDb, now = new Date()): Promise<void> {
  const { job } = schema;
  await db.transaction(async (tx) => {
    const [open] = await tx
      .select({ id: job.id })
      .from(job)
      .where(and(eq(job.name, rotateMasterKeyJob.name), inArray(job.state, ["waiting", "running"])))
      .limit(1);
    if (!open) await enqueueJob({ tx, actor: systemActor("key rotation"), now }, rotateMasterKeyJob, {});
  });
}
