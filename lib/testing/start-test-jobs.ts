import type { AuditDb } from "../audit-db/types.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import type { AnyJob } from "../jobs/define-job.ts";
import { type JobsOptions, startJobs } from "../jobs/start-jobs.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** What a worker does with these jobs, in this process, until `stop`. */
export function startTestJobs(
  own: { console: ConsoleDb; url: string },
  jobs: readonly AnyJob[],
  openTarget: (name: string) => AuditDb | undefined = () => undefined,
  more: Partial<Pick<JobsOptions, "setSchedules" | "holder">> = {},
): { stop(): Promise<void> } {
  return startJobs({
    ...own,
    jobs,
    schedules: [],
    openTarget,
    logger: quiet as never,
    holder: `test:${process.pid}:0`,
    ...more,
  });
}
