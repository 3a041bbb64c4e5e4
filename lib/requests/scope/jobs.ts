import { scopeJob } from "./scope-job.ts";

export const scopeJobs = [scopeJob];
