import { and, asc, desc, eq, gt, lt } from "drizzle-orm";
import type { Actor } from "../auth/actor.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { noSuchJob } from "./get-job.ts";
import { seenBy } from "./seen-jobs.ts";
import type { JobLogLine } from "./types.ts";

const { job, jobLog } = schema;

export interface LogPlace {
  /** Lines behind this number, the oldest first; without it and `before` the newest. */
  after?: number | undefined;
  /** Lines ahead of this number, the newest of them. */
  before?: number | undefined;
  limit: number;
}

/** Lines of a job's log in the order they were written. @throws AppError NOT_FOUND */
export async function getJobLog(
  console: ConsoleDb,
  actor: Pick<Actor, "targets">,
  id: string,
  place: LogPlace,
): Promise<{ lines: JobLogLine[]; more: boolean }> {
  const { db } = console;
  const [seen] = await db
    .select({ id: job.id })
    .from(job)
    .where(and(eq(job.id, id), seenBy(actor)));
  if (!seen) throw noSuchJob();
  return readLog(console, id, place);
}

/** The same for who has been looked at already. `more`: there are further lines in that direction. */
export async function readLog(
  { db }: ConsoleDb,
  id: string,
  { after, before, limit }: LogPlace,
): Promise<{ lines: JobLogLine[]; more: boolean }> {
  const { seq, attempt, at, level, message } = jobLog;
  const forwards = after !== undefined;
  const found = await db
    .select({ seq, attempt, at, level, message })
    .from(jobLog)
    .where(
      and(
        eq(jobLog.jobId, id),
        after === undefined ? undefined : gt(seq, after),
        before === undefined ? undefined : lt(seq, before),
      ),
    )
    .orderBy(forwards ? asc(seq) : desc(seq))
    .limit(limit + 1);
  const lines = found.slice(0, limit);
  return { lines: forwards ? lines : lines.reverse(), more: found.length > limit };
}
