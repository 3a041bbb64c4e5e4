import type { z } from "zod";
import type { AnyJob, Job } from "./define-job.ts";
import { slotsAfter } from "./schedule-slots.ts";

/**
 * A job begun by the clock. Declared in code, or set by a person and kept in a table of its own; the table `schedule`
 * keeps when it last began and whether it is on.
 */
export interface Schedule {
  /** The job's name, with the target where there is one for each: `events.purge_idempotency:audit`. */
  name: string;
  job: AnyJob;
  input: unknown;
  /** Minute, hour, day of month, month, day of week. */
  cron: string;
  /** IANA name: an hour that summer time leaves out is the next one, one that comes twice counts once. */
  timeZone: string;
  /** A run begins up to so much later, at random, so that not everything begins at the full hour. */
  jitterSeconds: number;
}

/** @throws Error when the expression or the time zone is none, ZodError when the input is not what the job takes */
export function defineSchedule<Input extends z.ZodType, Result>(
  job: Job<Input, Result>,
  options: {
    input: z.input<Input>;
    cron: string;
    timeZone?: string;
    jitterSeconds?: number;
    /** Tells it from others of the same job and target: a table's name. */
    of?: string;
  },
): Schedule {
  const { cron, timeZone = "UTC", jitterSeconds = 0 } = options;
  const input: unknown = job.input.parse(options.input);
  const target = job.target ? `:${(input as { target: string }).target}` : "";
  const of = options.of === undefined ? "" : `:${options.of}`;
  const schedule = { name: `${job.name}${target}${of}`, job, input, cron, timeZone, jitterSeconds };
  nextRuns(schedule, new Date(), 1);
  return schedule;
}

/** The next moments the expression names, without jitter. */
export function nextRuns(schedule: Pick<Schedule, "cron" | "timeZone">, from: Date, count: number): Date[] {
  const slots = slotsAfter(schedule, from);
  return Array.from({ length: count }, () => slots.next().value);
}
