import { scanJob } from "./scan-job.ts";

export const scanJobs = [scanJob];
