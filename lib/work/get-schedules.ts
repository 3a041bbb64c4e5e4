import { and, asc, desc, eq, inArray, isNotNull, sql } from "drizzle-orm";
import type { JobState } from "../../drizzle/console/schema/jobs.ts";
import type { Actor } from "../auth/actor.ts";
import { can } from "../auth/roles.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { cronWords } from "../jobs/cron-words.ts";
import { nextRuns } from "../jobs/define-schedule.ts";
import type { JobCatalogue } from "./job-catalogue.ts";
import type { ActionAnswer } from "./judge-actions.ts";

const { schedule, job } = schema;

export interface ScheduleRun {
  id: string;
  state: JobState;
  createdAt: Date;
  finishedAt: Date | null;
}

export interface ScheduleSummary {
  name: string;
  jobName: string;
  title: string;
  /** Null for the console itself. */
  target: string | null;
  cron: string;
  /** The expression in words; null where it needs more than a short sentence. */
  words: string | null;
  timeZone: string;
  /** A run begins up to this much later, at random. */
  jitterSeconds: number;
  enabled: boolean;
  /** The newest run that began. */
  last: ScheduleRun | null;
  /** The newest that did not begin, because the one before still ran. */
  lastSkipped: ScheduleRun | null;
  /** Of the runs that are kept. */
  skipped: number;
  /** The next five moments, before jitter; none while it is paused. */
  next: Date[];
  may: ActionAnswer;
}

const shownRuns = 5;

/** Work that begins by the clock, by name. */
export async function getSchedules(
  { db }: ConsoleDb,
  actor: Pick<Actor, "role" | "targets">,
  kinds: JobCatalogue,
  now: Date,
): Promise<ScheduleSummary[]> {
  const may: ActionAnswer =
    can(actor.role, "operator") && !actor.targets
      ? { allowed: true }
      : { allowed: false, why: "Pausing and resuming need the role Operator, of the whole console." };
  const seen = actor.targets ? inArray(schedule.target, [...actor.targets]) : undefined;
  const [rows, begun, skipped, counted] = await Promise.all([
    db.select().from(schedule).where(seen).orderBy(asc(schedule.name)),
    newest(db, false),
    newest(db, true),
    db
      .select({ name: job.schedule, runs: sql<number>`count(*)::int` })
      .from(job)
      .where(and(isNotNull(job.schedule), eq(job.state, "skipped")))
      .groupBy(job.schedule),
  ]);
  const runOf = (runs: Awaited<ReturnType<typeof newest>>, name: string): ScheduleRun | null => {
    const run = runs.find(({ schedule }) => schedule === name);
    return run
      ? { id: run.id, state: run.state, createdAt: run.createdAt, finishedAt: run.finishedAt }
      : null;
  };
  return rows.map((row) => ({
    name: row.name,
    jobName: row.jobName,
    title: kinds.get(row.jobName)?.title ?? row.jobName,
    target: row.target,
    cron: row.cron,
    words: cronWords(row.cron),
    timeZone: row.timeZone,
    jitterSeconds: row.jitterSeconds,
    enabled: row.enabled,
    last: runOf(begun, row.name),
    lastSkipped: runOf(skipped, row.name),
    skipped: counted.find(({ name }) => name === row.name)?.runs ?? 0,
    next: row.enabled ? nextRuns(row, now, shownRuns) : [],
    may,
  }));
}

/** The newest run of each schedule, of those that were skipped or of the others. */
function newest(db: ConsoleDb["db"], skipped: boolean) {
  const { id, state, createdAt, finishedAt } = job;
  return db
    .selectDistinctOn([job.schedule], { schedule: job.schedule, id, state, createdAt, finishedAt })
    .from(job)
    .where(and(isNotNull(job.schedule), skipped ? eq(job.state, "skipped") : sql`${job.state} <> 'skipped'`))
    .orderBy(job.schedule, desc(job.createdAt), desc(job.id));
}
