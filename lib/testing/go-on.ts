import { vi } from "vitest";
import type { ConsoleDb } from "../db/console-db.ts";
import { beginNow } from "../jobs/begin-now.ts";

/**
 * Lets a job that gave its place back go on now, and again whenever it did so anew (its worker may not have met a target that is
 * back), until something is so.
 * @param until throws while it is not
 */
export function goOnUntil<T>({ db, sql }: ConsoleDb, id: string, until: () => Promise<T>): Promise<T> {
  return vi.waitFor(
    async () => {
      try {
        return await until();
      } catch (thrown) {
        // One that has been let go on and waits for a worker is left to that.
        const [waiting] = await sql`
          select from job where id = ${id} and state = 'waiting' and run_after > clock_timestamp()`;
        if (waiting) await db.transaction((tx) => beginNow(tx, id, new Date()));
        throw thrown;
      }
    },
    { timeout: 150_000, interval: 100 },
  );
}

/** The same, until it has ended. */
export function goOnToTheEnd(console: ConsoleDb, id: string): Promise<void> {
  return goOnUntil(console, id, async () => {
    const [job] = await console.sql`
      select state, (select message from job_log where job_id = job.id order by seq desc limit 1) as said
      from job where id = ${id}`;
    if (["waiting", "running"].includes(job?.state)) throw new Error(`it is ${job?.state}: ${job?.said}`);
  });
}
