import { notInArray, sql } from "drizzle-orm";
import type { ConsoleDb } from "../db/console-db.ts";
import { levelOf } from "../db/errors.ts";
import { schema } from "../db/schema.ts";
import { pause } from "../duties/pause.ts";
import type { Logger } from "../log/log.ts";
import { beginScheduled } from "./begin-scheduled.ts";
import { nextRuns, type Schedule } from "./define-schedule.ts";
import { targetOf } from "./enqueue-job.ts";

const changed = sql`
  (schedule.job_name, schedule.target, schedule.input, schedule.cron, schedule.time_zone, schedule.jitter_seconds)
  is distinct from
  (excluded.job_name, excluded.target, excluded.input, excluded.cron, excluded.time_zone, excluded.jitter_seconds)`;

const tickMs = 1_000;
const mirrorEveryMs = 60_000;

/**
 * Begins what is due, until the signal aborts. Every worker does it: the table's row says which slot was begun last, so
 * one of them begins it, once. Of the slots that passed while no worker ran the newest is begun, when one runs again.
 */
export async function keepSchedules(
  options: { console: ConsoleDb; schedules: readonly Schedule[]; logger: Logger },
  signal: AbortSignal,
): Promise<void> {
  const { console, schedules, logger } = options;
  /** When to look next; at once after the start, for what was missed. */
  const due = new Map(schedules.map((schedule) => [schedule, 0]));
  let mirroredAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    try {
      if (performance.now() - mirroredAt > mirrorEveryMs) {
        await mirrorSchedules(console, schedules);
        mirroredAt = performance.now();
      }
      for (const [schedule, at] of due) {
        const now = new Date();
        if (now.getTime() < at) continue;
        const begun = await beginScheduled(console, schedule, now);
        if (begun === "busy") continue;
        if (begun) logger.debug({ schedule: schedule.name, begun }, "a schedule was due");
        due.set(schedule, nextRuns(schedule, now, 1)[0]?.getTime() ?? Number.POSITIVE_INFINITY);
      }
    } catch (err) {
      logger[levelOf(err)]({ err }, "schedules cannot be kept just now");
    }
    await pause(tickMs, signal);
  }
}

/**
 * Makes the table say what the code declares; a new schedule's first slot is the next one. Again each minute: in an
 * update, two versions declare different ones for a while.
 */
export async function mirrorSchedules({ db }: ConsoleDb, schedules: readonly Schedule[]): Promise<void> {
  const table = schema.schedule;
  await db.transaction(async (tx) => {
    const names = schedules.map(({ name }) => name);
    await tx.delete(table).where(notInArray(table.name, names));
    for (const { name, job, input, cron, timeZone, jitterSeconds } of schedules) {
      const declared = {
        jobName: job.name,
        target: targetOf(job, input),
        input,
        cron,
        timeZone,
        jitterSeconds,
      };
      await tx
        .insert(table)
        .values({ name, ...declared, lastSlot: sql`now()` })
        .onConflictDoUpdate({ target: table.name, set: declared, setWhere: changed });
    }
  });
}
