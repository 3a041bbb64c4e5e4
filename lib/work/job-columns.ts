import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Actor } from "../auth/actor.ts";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { estimateProgress } from "./estimate-progress.ts";
import type { JobCatalogue } from "./job-catalogue.ts";
import { judgeActions } from "./judge-actions.ts";
import type { JobSummary } from "./types.ts";

const { job, jobAttempt } = schema;

/** For one that waits: the running job that has to end first. */
const behind = sql<string | null>`(
  select r.id from job r
  where "job"."state" = 'waiting' and r.state = 'running' and r.serial_key = "job"."serial_key"
  order by r.id limit 1)`;

/** Jobs with what their present claim tells about their speed. */
export function selectJobs(db: Queryable, where: SQL | undefined) {
  return db
    .select({ job, behind, claimedAt: jobAttempt.startedAt, doneFrom: jobAttempt.doneFrom })
    .from(job)
    .leftJoin(jobAttempt, and(eq(jobAttempt.jobId, job.id), eq(jobAttempt.attempt, job.attempt)))
    .where(where);
}

export type JobRow = Awaited<ReturnType<typeof selectJobs>>[number];

/** A row as it is shown to an actor. */
export function toSummary(
  row: JobRow,
  actor: Pick<Actor, "role" | "targets">,
  kinds: JobCatalogue,
  now: Date,
): JobSummary {
  const { job: found, claimedAt, doneFrom } = row;
  const kind = kinds.get(found.name);
  const { objectType, objectId, objectName } = found;
  return {
    id: found.id,
    name: found.name,
    title: kind?.title ?? found.name,
    target: found.target,
    object: objectType && objectId ? { type: objectType, id: objectId, name: objectName ?? objectId } : null,
    actor: { kind: found.actorKind, id: found.actorId, name: found.actorName },
    schedule: found.schedule,
    state: found.state,
    attempt: found.attempt,
    failures: found.failures,
    progress: estimateProgress({ ...found, claimedAt, doneFrom }, now),
    error: found.error,
    createdAt: found.createdAt,
    runAfter: found.runAfter,
    startedAt: found.startedAt,
    finishedAt: found.finishedAt,
    cancelRequestedAt: found.cancelRequestedAt,
    cancelledBy: found.cancelledBy,
    behind: row.behind,
    may: judgeActions(actor, { ...found, known: kind !== undefined }),
  };
}
