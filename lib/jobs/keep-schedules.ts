import { notInArray, sql } from "drizzle-orm";
import type { ConsoleDb, Tx } from "../db/console-db.ts";
import { levelOf } from "../db/errors.ts";
import { consoleLocks } from "../db/locks.ts";
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

export interface KeptSchedules {
  console: ConsoleDb;
  /** Declared in code. */
  schedules: readonly Schedule[];
  /** Those that people set and that stand in tables; read again each minute. */
  setSchedules?: ((tx: Tx) => Promise<readonly Schedule[]>) | undefined;
}

/**
 * Begins what is due, until the signal aborts. Every worker does it: the table's row says which slot was begun last, so
 * one of them begins it, once. Of the slots that passed while no worker ran the newest is begun, when one runs again.
 */
export async function keepSchedules(
  options: KeptSchedules & { logger: Logger },
  signal: AbortSignal,
): Promise<void> {
  const { console, logger } = options;
  /** What there is by name, with when to look next: at once after the start, for what was missed. */
  let kept = new Map<string, { schedule: Schedule; at: number }>();
  let mirroredAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    try {
      if (performance.now() - mirroredAt > mirrorEveryMs) {
        const schedules = await mirrorSchedules(options);
        kept = new Map(
          schedules.map((schedule) => [schedule.name, { schedule, at: nextLook(kept, schedule) }]),
        );
        mirroredAt = performance.now();
      }
      for (const one of kept.values()) {
        const { schedule, at } = one;
        const now = new Date();
        if (now.getTime() < at) continue;
        const begun = await beginScheduled(console, schedule, now);
        if (begun === "busy") continue;
        if (begun) logger.debug({ schedule: schedule.name, begun }, "a schedule was due");
        one.at = nextRuns(schedule, now, 1)[0]?.getTime() ?? Number.POSITIVE_INFINITY;
      }
    } catch (err) {
      logger[levelOf(err)]({ err }, "schedules cannot be kept just now");
    }
    await pause(tickMs, signal);
  }
}

/** One that is as it was is looked at when it was to be; a new or changed one at once. */
function nextLook(kept: ReadonlyMap<string, { schedule: Schedule; at: number }>, schedule: Schedule): number {
  const before = kept.get(schedule.name);
  const same =
    before && before.schedule.cron === schedule.cron && before.schedule.timeZone === schedule.timeZone;
  return same ? before.at : 0;
}

/**
 * Makes the table say what the code declares and what people set; a new schedule's first slot is the next one. Again
 * each minute: in an update, two versions declare different ones for a while.
 * @returns all of them
 */
export async function mirrorSchedules({
  console,
  schedules,
  setSchedules,
}: KeptSchedules): Promise<readonly Schedule[]> {
  return console.db.transaction(async (tx) => {
    await lockSchedules(tx);
    const all = [...schedules, ...((await setSchedules?.(tx)) ?? [])];
    const names = all.map(({ name }) => name);
    await tx.delete(schema.schedule).where(notInArray(schema.schedule.name, names));
    for (const schedule of all) await putSchedule(tx, schedule);
    return all;
  });
}

/**
 * Held to the end of a transaction that sets or removes a schedule: a mirror that read the others before would undo it.
 */
export async function lockSchedules(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${consoleLocks.schedules})`);
}

/** Makes its row say what it says; its newest slot stays, and of a new one is now. */
export async function putSchedule(tx: Tx, schedule: Schedule): Promise<void> {
  const { name, job, input, cron, timeZone, jitterSeconds } = schedule;
  const declared = { jobName: job.name, target: targetOf(job, input), input, cron, timeZone, jitterSeconds };
  await tx
    .insert(schema.schedule)
    .values({ name, ...declared, lastSlot: sql`now()` })
    .onConflictDoUpdate({ target: schema.schedule.name, set: declared, setWhere: changed });
}
