import { tryIdleJob } from "./try-idle-job.ts";

export const connectionsJobs = [tryIdleJob];
