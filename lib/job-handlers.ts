import { answersJobs } from "./answers/jobs.ts";
import { connectionsJobs } from "./connections/jobs.ts";
import { eventsJobs } from "./events/jobs.ts";
import type { AnyJob } from "./jobs/define-job.ts";
import { pruneConsoleJob } from "./jobs/prune-console-job.ts";
import { partitionsJobs } from "./partitions/jobs.ts";
import { createPrivacyJobs } from "./privacy/jobs.ts";
import { tellDestroyed } from "./requests/erasure/tell-destroyed.ts";
import { requestsJobs } from "./requests/jobs.ts";
import { upkeepJobs } from "./upkeep/jobs.ts";

/** Every job there is: what a worker can run, and what the Jobs page names. */
export const jobs: readonly AnyJob[] = [
  pruneConsoleJob,
  ...answersJobs,
  ...connectionsJobs,
  ...eventsJobs,
  ...partitionsJobs,
  ...createPrivacyJobs(tellDestroyed),
  ...requestsJobs,
  ...upkeepJobs,
];
