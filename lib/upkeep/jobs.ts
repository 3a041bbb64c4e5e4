import { keepAheadJob } from "./keep-ahead-job.ts";

export const upkeepJobs = [keepAheadJob];
