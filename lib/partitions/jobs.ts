import { carryOutJob } from "./carry-out-job.ts";

export const partitionsJobs = [carryOutJob];
