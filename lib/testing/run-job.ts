import { vi } from "vitest";
import type { z } from "zod";
import type { AuditDb } from "../audit-db/types.ts";
import { systemActor } from "../auth/actor.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import type { Job } from "../jobs/define-job.ts";
import { enqueueJob } from "../jobs/enqueue-job.ts";
import { type JobsOptions, startJobs } from "../jobs/start-jobs.ts";
import type { TestDatabase } from "./database.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** Runs jobs in the test's own process; the test stops it. */
export function startTestJobs(
  given: { test: TestDatabase; console: ConsoleDb },
  options: Pick<JobsOptions, "jobs"> & Partial<JobsOptions> & { targets?: Record<string, AuditDb> },
): { stop(): Promise<void> } {
  const { targets = {}, ...more } = options;
  return startJobs({
    console: given.console,
    url: given.test.url,
    schedules: [],
    openTarget: (name) => targets[name],
    logger: quiet,
    holder: `test:${process.pid}:0`,
    ...more,
  });
}

/** Enqueues a job, runs it to its end through the queue and answers its row. */
export async function runJob<Input extends z.ZodType, Result>(
  given: { test: TestDatabase; console: ConsoleDb },
  job: Job<Input, Result>,
  input: z.input<Input>,
  targets: Record<string, AuditDb> = {},
): Promise<Record<string, unknown>> {
  const actor = systemActor("test");
  const { id } = await given.console.db.transaction((tx) =>
    enqueueJob({ tx, actor, now: new Date() }, job, input),
  );
  const started = startTestJobs(given, { jobs: [job], targets });
  try {
    return await vi.waitFor(
      async () => {
        const [row] = await given.test.sql`select * from job where id = ${id}`;
        if (!row?.finished_at) throw new Error(`the job is ${row?.state}`);
        return row;
      },
      { timeout: 20_000, interval: 20 },
    );
  } finally {
    await started.stop();
  }
}
