import { z } from "zod";
import { jobStates } from "../../../drizzle/console/schema/jobs.ts";
import { count, instant, nullableNumber, nullableText } from "../parts.ts";

const moment = instant.nullable();
const state = z.enum(jobStates).meta({ id: "JobState" });
const allowed = z
  .union([z.object({ allowed: z.literal(true) }), z.object({ allowed: z.literal(false), why: z.string() })])
  .meta({ id: "Allowed", description: "Whether the caller may do it, else why not" });
const failure = z
  .object({ code: z.string(), message: z.string(), hint: z.string().optional() })
  .meta({ id: "JobFailure" });

const progress = z
  .object({
    done: z.number(),
    total: nullableNumber,
    unit: z.string(),
    share: nullableNumber.meta({ description: "0 to 1" }),
    perSecond: nullableNumber.meta({ description: "Units a second since the present attempt began" }),
    secondsLeft: nullableNumber.meta({ description: "At that speed; null where nobody can know" }),
    because: z
      .enum(["ended", "no_total", "too_early", "stalled"])
      .nullable()
      .meta({ description: "Why secondsLeft is not known" }),
    at: moment.meta({ description: "When the job last told" }),
  })
  .meta({ id: "JobProgress" });

const summary = z.object({
  id: z.uuid(),
  name: z.string().meta({ description: "`topic.verb`" }),
  title: z.string(),
  target: nullableText.meta({ description: "Null for the console itself" }),
  object: z.object({ type: z.string(), id: z.string(), name: z.string() }).nullable(),
  actor: z.object({ kind: z.enum(["user", "token", "system"]), id: nullableText, name: z.string() }),
  schedule: nullableText,
  state,
  attempt: count,
  failures: count,
  progress: progress.nullable(),
  error: failure.nullable(),
  createdAt: instant,
  runAfter: instant.meta({ description: "Not before" }),
  startedAt: moment,
  finishedAt: moment,
  cancelRequestedAt: moment,
  cancelledBy: nullableText,
  behind: nullableText.meta({ description: "Of one that waits: the running job that has to end first" }),
  may: z.object({ cancel: allowed, retry: allowed }),
});

export const jobsAnswer = z.object({
  jobs: z.array(summary.meta({ id: "JobSummary" })),
  next: nullableText.meta({ description: "`before` of the next page" }),
  counts: z.record(state, count).meta({ description: "Of each state, whatever `state` and `before` say" }),
  kinds: z.array(z.object({ name: z.string(), title: z.string() })),
});

export const jobAnswer = summary
  .extend({
    input: z.record(z.string(), z.unknown()),
    reason: nullableText,
    reasonHidden: z.boolean().meta({ description: "A reason of privacy work is for privacy officers" }),
    result: z.unknown(),
    checkpointAt: moment.meta({ description: "Where it goes on after a crash was last kept then" }),
    beatAt: moment.meta({ description: "When its worker last said that it lives" }),
    attempts: z.array(
      z
        .object({
          attempt: count,
          worker: z.string(),
          startedAt: instant,
          endedAt: moment,
          outcome: z.enum(["done", "failed", "lost", "cancelled", "continued"]).nullable(),
          error: failure.nullable(),
        })
        .meta({ id: "JobAttempt" }),
    ),
    logLines: count,
  })
  .meta({ id: "Job" });

export const jobLogAnswer = z.object({
  lines: z.array(
    z
      .object({
        seq: count,
        attempt: count,
        at: instant,
        level: z.enum(["info", "warn", "error"]),
        message: z.string(),
      })
      .meta({ id: "JobLogLine" }),
  ),
  more: z.boolean().meta({ description: "There are further lines in that direction" }),
});

const run = z
  .object({ id: z.uuid(), state, createdAt: instant, finishedAt: moment })
  .nullable()
  .meta({ id: "ScheduleRun" });

export const schedulesAnswer = z.array(
  z
    .object({
      name: z.string(),
      jobName: z.string(),
      title: z.string(),
      target: nullableText,
      cron: z.string(),
      words: nullableText.meta({ description: "The expression in words, where few say it" }),
      timeZone: z.string(),
      jitterSeconds: count,
      enabled: z.boolean(),
      last: run.meta({ description: "The newest run that began" }),
      lastSkipped: run.meta({ description: "The newest that did not, because the one before still ran" }),
      skipped: count,
      next: z.array(instant).meta({ description: "Five moments, before jitter; none while it is paused" }),
      may: allowed,
    })
    .meta({ id: "Schedule" }),
);

export const dutiesAnswer = z.array(
  z
    .object({
      duty: z.string(),
      target: z.string().meta({ description: "`*` for the whole console" }),
      title: z.string(),
      everyMs: count,
      retryMs: count,
      state: z.enum(["running", "late", "failing", "unled"]),
      leader: z.object({ holder: z.string(), since: instant }).nullable(),
      lastBeat: moment,
      nextDue: moment,
      failure: z.object({ code: z.string(), message: z.string(), since: instant }).nullable(),
    })
    .meta({ id: "Duty" }),
);
