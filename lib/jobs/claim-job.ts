import { randomUUID } from "node:crypto";
import { and, asc, eq, inArray, isNull, lt, ne, sql } from "drizzle-orm";
import type { ConsoleDb, Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { endFrozenHolders } from "./end-frozen-holders.ts";
import { notifyJob } from "./job-channel.ts";
import { type EntryData, sendEntry } from "./send-entry.ts";

export type ClaimedJob = typeof schema.job.$inferSelect;

const unknownAgainMs = 10_000;
const behindAgainMs = 1_000;

/**
 * Makes a job this worker's: the next attempt, whatever an earlier one still does. Null when the entry is not the one
 * that may run it (it has ended, was cancelled, or a later entry stands for it), or when it must wait.
 * @param worker `host:pid:started`
 * @param knows whether this process can run a job of that name; in an update an older one may not
 */
export async function claimJob(
  console: ConsoleDb,
  entry: EntryData,
  worker: string,
  knows: (name: string) => boolean,
): Promise<ClaimedJob | null> {
  const { job, jobAttempt } = schema;
  return console.db.transaction(async (tx) => {
    const stop = await endFrozenHolders(console, tx);
    try {
      const [found] = await tx
        .select()
        .from(job)
        .where(
          and(
            eq(job.id, entry.job),
            eq(job.entryId, entry.entry),
            inArray(job.state, ["waiting", "running"]),
          ),
        )
        // Not stronger: an attempt that is noting what it did refers to the job, and this waits for that attempt.
        .for("no key update");
      if (!found) return null;
      const known = knows(found.name);
      const [waits] = await Promise.all([
        known ? behind(tx, found) : new Date(Date.now() + unknownAgainMs),
        tx
          .update(jobAttempt)
          .set({ endedAt: sql`now()`, outcome: "lost" })
          .where(and(eq(jobAttempt.jobId, found.id), isNull(jobAttempt.outcome))),
      ]);
      if (waits) {
        if (!known) await sayUnknown(tx, found);
        await postpone(tx, found, waits);
        return null;
      }
      const [claimed] = await tx
        .update(job)
        .set({
          state: "running",
          attempt: sql`${job.attempt} + 1`,
          startedAt: sql`coalesce(${job.startedAt}, now())`,
          beatAt: sql`now()`,
        })
        .where(eq(job.id, found.id))
        .returning();
      if (!claimed) return null;
      const { attempt, done: doneFrom } = claimed;
      await Promise.all([
        tx.insert(jobAttempt).values({ jobId: claimed.id, attempt, worker, doneFrom }),
        notifyJob(tx, claimed.id),
      ]);
      return claimed;
    } finally {
      stop();
    }
  });
}

/**
 * The queue runs one entry of a key at a time, but between two tries of a job it has none: a later job of the same key
 * waits for an earlier one that has begun. @returns until when
 */
async function behind(tx: Tx, { id, serialKey }: ClaimedJob): Promise<Date | null> {
  const { job } = schema;
  const [earlier] = await tx
    .select({ runAfter: job.runAfter })
    .from(job)
    .where(
      and(
        eq(job.state, "waiting"),
        eq(job.serialKey, serialKey),
        sql`${job.attempt} > 0`,
        lt(job.id, id),
        ne(job.id, id),
      ),
    )
    .orderBy(asc(job.runAfter))
    .limit(1);
  return earlier ? new Date(Math.max(Date.now(), earlier.runAfter.getTime()) + behindAgainMs) : null;
}

const unknown = "The worker that took it knows no such job. It waits for one of another version.";

/** Once, however often it is postponed: whoever looks at it sees why it waits. */
async function sayUnknown(tx: Tx, { id, attempt }: ClaimedJob): Promise<void> {
  await tx.execute(sql`
    insert into job_log (job_id, attempt, at, level, message)
    select ${id}, ${attempt}, now(), 'warn', ${unknown}
    where not exists (select from job_log where job_id = ${id} and message = ${unknown})`);
}

async function postpone(tx: Tx, { id, serialKey }: ClaimedJob, runAfter: Date): Promise<void> {
  const entryId = randomUUID();
  await tx.update(schema.job).set({ state: "waiting", entryId, runAfter }).where(eq(schema.job.id, id));
  await sendEntry(tx, { id, entryId, serialKey }, runAfter);
  await notifyJob(tx, id);
}
