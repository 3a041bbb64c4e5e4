import { randomUUID } from "node:crypto";
import { z } from "zod";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { defineJob } from "../jobs/define-job.ts";
import { startJobs } from "../jobs/start-jobs.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** A row of a job, as the queue would have left it. */
export async function addJob(
  { db }: ConsoleDb,
  given: Partial<typeof schema.job.$inferInsert> & { name: string },
): Promise<string> {
  const id = given.id ?? uuidV7((given.createdAt ?? new Date()).getTime());
  await db.insert(schema.job).values({
    id,
    entryId: randomUUID(),
    serialKey: `${given.name}:${given.target ?? ""}`,
    input: {},
    actorKind: "system",
    actorName: "test",
    ...given,
  });
  return id;
}

/** Counts to `to`, one every `everyMs`, and says each number; fails at `failAt` until it was retried. */
export const countingJob = defineJob({
  name: "test.count",
  title: "Count",
  input: z.object({
    to: z.number().int(),
    everyMs: z.number().default(20),
    failAt: z.number().int().nullable().default(null),
  }),
  async run({ signal, attempt, restored, progress, log, checkpoint }, { to, everyMs, failAt }) {
    for (let at = ((restored as number | null) ?? 0) + 1; at <= to; at++) {
      signal.throwIfAborted();
      log(`counted ${at}`);
      progress(at, to, "numbers");
      await checkpoint(at);
      if (at === failAt && attempt === 1) throw new Error("the numbers ran out");
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    return { counted: to };
  },
});

/** A worker for `countingJob`. */
export function startCounting(console: ConsoleDb, url: string) {
  return startJobs({
    console,
    url,
    jobs: [countingJob],
    schedules: [],
    openTarget: () => undefined,
    logger: quiet as never,
    holder: `test:${process.pid}:0`,
  });
}
