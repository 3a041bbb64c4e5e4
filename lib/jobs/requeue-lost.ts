import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import type { ConsoleDb } from "../db/console-db.ts";
import { levelOf } from "../db/errors.ts";
import { jobQueue, lostQueue, queueSchema } from "../db/queue.ts";
import { schema } from "../db/schema.ts";
import { pause } from "../duties/pause.ts";
import type { Logger } from "../log/log.ts";
import { notifyJob } from "./job-channel.ts";
import { sendEntry } from "./send-entry.ts";

const everyMs = 10_000;
/** Longer than a worker that lives is silent: what it still settles is not queued a second time. */
const graceMs = 30_000;
const atOnce = 100;

/**
 * Puts jobs that have not ended and that no entry of the queue stands for back into it: the queue's schema was restored
 * or emptied by itself, or somebody deleted a row. They would wait for ever. An entry that is left over after all finds
 * that another one stands for its job. @returns their ids
 */
export async function requeueLost({ db }: ConsoleDb, silentMs = graceMs): Promise<string[]> {
  const { job } = schema;
  const entries = sql.identifier(queueSchema);
  return db.transaction(async (tx) => {
    const lost = await tx
      .select({ id: job.id, serialKey: job.serialKey })
      .from(job)
      .where(
        sql`${job.state} in ('waiting', 'running')
          and greatest(${job.createdAt}, ${job.runAfter}, ${job.beatAt}) < now() - make_interval(secs => ${silentMs / 1_000})
          and not exists (
            select from ${entries}.job entry
            where entry.name = ${jobQueue} and entry.id = ${job.entryId} and entry.state in ('created', 'retry', 'active'))
          and not exists (
            select from ${entries}.job entry
            where entry.name = ${lostQueue} and entry.data ->> 'entry' = ${job.entryId}::text
              and entry.state in ('created', 'retry', 'active'))`,
      )
      .orderBy(job.id)
      .limit(atOnce)
      .for("update", { skipLocked: true });
    for (const { id, serialKey } of lost) {
      const entryId = randomUUID();
      await tx.update(job).set({ entryId }).where(eq(job.id, id));
      await sendEntry(tx, { id, serialKey, entryId });
      await notifyJob(tx, id);
    }
    return lost.map(({ id }) => id);
  });
}

/** Looks for such jobs until the signal aborts; every worker does, and one of them finds each. */
export async function keepEntries(console: ConsoleDb, logger: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const jobs = await requeueLost(console);
      if (jobs.length > 0) logger.warn({ jobs }, "jobs without an entry in the queue were queued again");
    } catch (err) {
      logger[levelOf(err)]({ err }, "jobs without an entry in the queue cannot be looked for just now");
    }
    await pause(everyMs, signal);
  }
}
