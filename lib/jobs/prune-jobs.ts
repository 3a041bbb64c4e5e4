import { inArray, sql } from "drizzle-orm";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";

/** In one statement; each job may bring a thousand lines of log. */
const atOnce = 500;

/** Drops jobs that ended longer ago than they are kept, with their attempts and logs. @returns how many */
export async function pruneJobs({ db }: ConsoleDb, now: Date, signal?: AbortSignal): Promise<number> {
  const { job } = schema;
  const over = db
    .select({ id: job.id })
    .from(job)
    .where(
      sql`${job.finishedAt} < ${now.toISOString()}::timestamptz - make_interval(days => ${job.keepDays})`,
    )
    .limit(atOnce);
  let pruned = 0;
  while (!signal?.aborted) {
    const { count } = await db.delete(job).where(inArray(job.id, over));
    pruned += count;
    if (count < atOnce) break;
  }
  return pruned;
}
