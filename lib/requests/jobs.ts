import type { AnyJob } from "../jobs/define-job.ts";
import { certifyJob } from "./certificate/certify-job.ts";
import { packageJobs } from "./package/jobs.ts";
import { scanJobs } from "./scan/jobs.ts";
import { scopeJobs } from "./scope/jobs.ts";
import { carryOutJob } from "./work.ts";

export const requestsJobs: readonly AnyJob[] = [
  ...scopeJobs,
  ...scanJobs,
  ...packageJobs,
  carryOutJob,
  certifyJob,
];
