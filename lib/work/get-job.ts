import { and, count, desc, eq } from "drizzle-orm";
import type { Actor } from "../auth/actor.ts";
import { can } from "../auth/roles.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";
import type { JobCatalogue } from "./job-catalogue.ts";
import { selectJobs, toSummary } from "./job-columns.ts";
import { seenBy } from "./seen-jobs.ts";
import type { JobDetail } from "./types.ts";

const { job, jobAttempt, jobLog } = schema;
/** A job that is lost and taken up again for hours has more; the newest tell. */
const mostAttempts = 50;

/** @throws AppError NOT_FOUND, also for one of a target the actor may not see */
export async function getJob(
  { db }: ConsoleDb,
  actor: Pick<Actor, "role" | "targets">,
  kinds: JobCatalogue,
  id: string,
  now: Date,
): Promise<JobDetail> {
  const [[row], attempts, [lines]] = await Promise.all([
    selectJobs(db, and(eq(job.id, id), seenBy(actor))),
    db
      .select({
        attempt: jobAttempt.attempt,
        worker: jobAttempt.worker,
        startedAt: jobAttempt.startedAt,
        endedAt: jobAttempt.endedAt,
        outcome: jobAttempt.outcome,
        error: jobAttempt.error,
      })
      .from(jobAttempt)
      .where(eq(jobAttempt.jobId, id))
      .orderBy(desc(jobAttempt.attempt))
      .limit(mostAttempts),
    db.select({ lines: count() }).from(jobLog).where(eq(jobLog.jobId, id)),
  ]);
  if (!row) throw noSuchJob();
  const { input, reason, result, checkpointAt, beatAt, name } = row.job;
  // What a person typed about privacy work may name somebody.
  const reasonHidden = reason !== null && name.startsWith("privacy.") && !can(actor.role, "privacy_officer");
  return {
    ...toSummary(row, actor, kinds, now),
    input: input as Record<string, unknown>,
    reason: reasonHidden ? null : reason,
    reasonHidden,
    result,
    checkpointAt,
    beatAt,
    attempts,
    logLines: lines?.lines ?? 0,
  };
}

export function noSuchJob(): AppError {
  return new AppError("NOT_FOUND", "There is no such job.", {
    hint: "Jobs are kept for 90 days after their end unless their kind says otherwise.",
  });
}
