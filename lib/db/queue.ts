import type { Db } from "pg-boss";
import type { Sql } from "postgres";

/** Where pg-boss keeps its tables in the console database. */
export const queueSchema = "pgboss";
/** One queue for every job: a queue for each would be a poll for each. What is wanted of a job stands in its entry. */
export const jobQueue = "jobs";
/** Entries whose worker was lost once too often. */
export const lostQueue = "jobs_lost";

/** No part of pg-boss that works by itself: for processes that only send, and for making its tables. */
export const passive = {
  schema: queueSchema,
  supervise: false,
  schedule: false,
  registerInstance: false,
  persistWarnings: false,
} as const;

const daySeconds = 86_400;

/** What each entry is sent with, so that a change needs no change of the queue; explained in ADR 55. */
export const entrySettings = {
  heartbeatSeconds: 10,
  expireInSeconds: daySeconds,
  retryLimit: 20,
  retryDelay: 1,
  retryBackoff: false,
  deleteAfterSeconds: 3_600,
  retentionSeconds: 365 * daySeconds,
  deadLetter: lostQueue,
} as const;

/** Brings pg-boss's tables and our two queues up to date. Runs under the lock of the console's own migration. */
export async function migrateQueue(sql: Sql): Promise<void> {
  const { PgBoss } = await import("pg-boss");
  const db: Db = {
    executeSql: async (text, values) => flatten(await sql.unsafe(text, values as never[])),
  };
  const boss = new PgBoss({ ...passive, db, migrate: true });
  const failed: Error[] = [];
  boss.on("error", (error) => failed.push(error));
  try {
    await boss.start();
    await boss.createQueue(lostQueue, { deleteAfterSeconds: 3_600 });
    // At most one entry of a key is active: a unique index says so, however many workers fetch at once.
    await boss.createQueue(jobQueue, { policy: "singleton", notify: true });
  } finally {
    await boss.stop({ graceful: false, close: false });
  }
  if (failed[0]) throw failed[0];
}

/** The driver answers several statements with a list of lists. */
function flatten(answer: readonly unknown[]): { rows: unknown[] } {
  return { rows: answer.every(Array.isArray) ? answer.flat() : [...answer] };
}
