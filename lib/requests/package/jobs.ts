import { packageJob } from "./package-job.ts";
import { purgePackagesJob } from "./purge-packages-job.ts";

export const packageJobs = [packageJob, purgePackagesJob];
