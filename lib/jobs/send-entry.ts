import { sql } from "drizzle-orm";
import type { Tx } from "../db/console-db.ts";
import { entrySettings, jobQueue, passive } from "../db/queue.ts";

/** What an entry of the queue says; the rest stands in the job's row. */
export interface EntryData {
  job: string;
  /** Its own id, which a dead letter's is not. */
  entry: string;
}

/**
 * Puts a job into the queue, in the transaction that says so in its row. pg-boss sends only from an instance that
 * was started; one that lives for this statement leaves no timer behind in processes that never run a job.
 * @param entry.entryId the id that the job's row has as its `entryId`
 * @param entry.runAfter not before; at once without it
 */
export async function sendEntry(
  tx: Tx,
  entry: { id: string; entryId: string; serialKey: string },
  runAfter?: Date,
): Promise<void> {
  // Loading it takes as long as a whole command line, and most never send.
  const { fromDrizzle, PgBoss } = await import("pg-boss");
  const boss = new PgBoss({ ...passive, db: fromDrizzle(tx, sql), migrate: false });
  const failed: Error[] = [];
  boss.on("error", (error) => failed.push(error));
  try {
    await boss.start();
    const data: EntryData = { job: entry.id, entry: entry.entryId };
    await boss.send(jobQueue, data, {
      ...entrySettings,
      id: entry.entryId,
      singletonKey: entry.serialKey,
      ...(runAfter && { startAfter: runAfter }),
    });
  } finally {
    await boss.stop({ graceful: false, close: false });
  }
  if (failed[0]) throw failed[0];
}
