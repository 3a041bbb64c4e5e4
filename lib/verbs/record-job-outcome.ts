import { and, eq, sql } from "drizzle-orm";
import { consoleDbError, sqlState } from "../db/errors.ts";
import { type ActivityEntry, recordActivity } from "../db/record.ts";
import { schema } from "../db/schema.ts";
import { env } from "../env.ts";
import { toAppError } from "../errors.ts";
import type { JobContext } from "../jobs/define-job.ts";

export interface JobOnRecord {
  /** The action that began it, as the activity log has it. */
  action: string;
  target?: string;
  object?: ActivityEntry["object"];
}

/**
 * Does a job's work so that how it came out is on record as the act of whoever asked for it, and told to its target:
 * once when it is done, and each failure. What is cut off goes on in the next attempt and is no outcome.
 * @param work answers the facts to tell, which are the job's result
 */
export async function recordJobOutcome<T extends Record<string, unknown>>(
  context: JobContext,
  told: JobOnRecord,
  work: () => Promise<T>,
): Promise<T> {
  const facts = await work().catch(async (thrown: unknown) => {
    if (!context.signal.aborted) await recordFailure(context, told, thrown);
    throw thrown;
  });
  await context.once("outcome on record", async (tx) => {
    const entry = await entryOf(context, told);
    const outcome = { outcome: "success", facts: { ...facts, jobId: context.id } } as const;
    await recordActivity(tx, { ...entry, ...outcome }, auditTargets(), context.now());
  });
  return facts;
}

async function recordFailure(context: JobContext, told: JobOnRecord, thrown: unknown): Promise<void> {
  const { code, message } = sqlState(thrown) ? consoleDbError(thrown) : toAppError(thrown);
  try {
    const entry = await entryOf(context, told);
    const outcome = {
      outcome: "failed",
      facts: { code, jobId: context.id, attempt: context.attempt },
      detail: { message },
    } as const;
    await context.console.db.transaction((tx) =>
      recordActivity(tx, { ...entry, ...outcome }, auditTargets(), context.now()),
    );
  } catch (err) {
    context.logger.error({ err, action: told.action, job: context.id }, "a failure could not be recorded");
  }
}

async function entryOf({ console, id }: JobContext, { action, target, object }: JobOnRecord) {
  return {
    actor: await readJobActor(console.db, id),
    action,
    ...(target !== undefined && { target }),
    ...(object && { object }),
  };
}

/** Whoever asked for a job, a person by the address that the activity log calls them by. */
export async function readJobActor(db: JobContext["console"]["db"], id: string) {
  const { job, users } = schema;
  const [actor] = await db
    .select({ kind: job.actorKind, id: job.actorId, name: job.actorName, email: users.email })
    .from(job)
    .leftJoin(users, and(eq(job.actorKind, "user"), eq(sql`${users.id}::text`, job.actorId)))
    .where(eq(job.id, id));
  if (!actor) throw new Error(`there is no job ${id}`);
  return { ...actor, id: actor.id ?? actor.name };
}

function auditTargets(): string[] {
  return env().targets.map(({ name }) => name);
}
