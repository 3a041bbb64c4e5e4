import { and, count, desc, eq, ilike, inArray, isNull, lt, or, type SQL } from "drizzle-orm";
import { type JobState, jobStates } from "../../drizzle/console/schema/jobs.ts";
import type { Actor } from "../auth/actor.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import type { JobCatalogue } from "./job-catalogue.ts";
import { selectJobs, toSummary } from "./job-columns.ts";
import { seenBy } from "./seen-jobs.ts";
import type { JobSummary } from "./types.ts";

const { job } = schema;

export interface JobFilter {
  /** None means every state. */
  states?: readonly JobState[] | undefined;
  name?: string | undefined;
  /** Those that work on this target … */
  target?: string | undefined;
  /** … and with it those of the console itself. */
  withConsole?: boolean | undefined;
  schedule?: string | undefined;
  /** Part of the name of whoever asked for it. */
  person?: string | undefined;
  /** Id of the last row of the page before. */
  before?: string | undefined;
  limit: number;
}

export interface JobPage {
  jobs: JobSummary[];
  /** `before` of the next page. */
  next: string | null;
  /** How many there are in each state, whatever `states` and `before` say. */
  counts: Record<JobState, number>;
  /** Names of the kinds this version has, for choosing one. */
  kinds: { name: string; title: string }[];
}

/** Jobs that match, newest first. Ids are of version 7, so they stand in the order of time. */
export async function getJobs(
  { db }: ConsoleDb,
  actor: Pick<Actor, "role" | "targets">,
  kinds: JobCatalogue,
  filter: JobFilter,
  now: Date,
): Promise<JobPage> {
  const matching = and(seenBy(actor), ...conditions(filter));
  const states = filter.states?.length ? inArray(job.state, [...filter.states]) : undefined;
  const before = filter.before ? lt(job.id, filter.before) : undefined;
  const [found, counted] = await Promise.all([
    selectJobs(db, and(matching, states, before))
      .orderBy(desc(job.id))
      .limit(filter.limit + 1),
    db.select({ state: job.state, jobs: count() }).from(job).where(matching).groupBy(job.state),
  ]);
  const rows = found.slice(0, filter.limit);
  const countOf = new Map(counted.map(({ state, jobs }) => [state, jobs]));
  return {
    jobs: rows.map((row) => toSummary(row, actor, kinds, now)),
    next: found.length > filter.limit ? (rows.at(-1)?.job.id ?? null) : null,
    counts: Object.fromEntries(
      jobStates.map((state) => [state, countOf.get(state) ?? 0]),
    ) as JobPage["counts"],
    kinds: [...kinds.values()],
  };
}

function conditions({ name, target, withConsole, schedule, person }: JobFilter): (SQL | undefined)[] {
  return [
    name ? eq(job.name, name) : undefined,
    target ? or(eq(job.target, target), withConsole ? isNull(job.target) : undefined) : undefined,
    schedule ? eq(job.schedule, schedule) : undefined,
    person ? ilike(job.actorName, `%${person.replace(/[\\%_]/g, "\\$&")}%`) : undefined,
  ];
}
