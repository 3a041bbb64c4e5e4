import { and, eq, inArray } from "drizzle-orm";
import { systemActor } from "../auth/actor.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { Schedule } from "./define-schedule.ts";
import { enqueueJob, rowOf } from "./enqueue-job.ts";
import { notifyJob } from "./job-channel.ts";
import { newestSlot } from "./schedule-slots.ts";

/**
 * Begins the newest slot that has passed since the last one begun, if there is one. `busy` while somebody else looks at
 * it, who may die over it. While the run before it has not ended it is recorded as skipped; while the schedule is off it passes.
 */
export async function beginScheduled(
  { db }: ConsoleDb,
  schedule: Schedule,
  now: Date,
): Promise<"begun" | "skipped" | "busy" | null> {
  const { job, schedule: table } = schema;
  const { name } = schedule;
  return db.transaction(async (tx) => {
    const [kept] = await tx
      .select({ enabled: table.enabled, lastSlot: table.lastSlot })
      .from(table)
      .where(eq(table.name, name))
      .for("update", { skipLocked: true });
    if (!kept) return "busy";
    const slot = newestSlot(schedule, kept.lastSlot ?? now, now);
    if (!slot) return null;
    await tx.update(table).set({ lastSlot: slot }).where(eq(table.name, name));
    if (!kept.enabled) return null;
    const actor = systemActor("schedule");
    const [open] = await tx
      .select({ id: job.id })
      .from(job)
      .where(and(eq(job.schedule, name), inArray(job.state, ["waiting", "running"])))
      .limit(1);
    if (open) {
      const row = rowOf({ actor, now }, schedule.job, schedule.input, { schedule: name });
      const error = { code: "CONFLICT", message: "The previous run had not ended." };
      await tx.insert(job).values({ ...row, state: "skipped", finishedAt: now, error });
      await notifyJob(tx, row.id);
      return "skipped";
    }
    const later = Math.round(Math.random() * schedule.jitterSeconds * 1_000);
    await enqueueJob({ tx, actor, now }, schedule.job, schedule.input, {
      schedule: name,
      ...(later > 0 && { runAfter: new Date(now.getTime() + later) }),
    });
    return "begun";
  });
}
