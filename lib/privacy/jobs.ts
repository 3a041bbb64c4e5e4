import { rotateMasterKeyJob } from "./rotate-master-key-job.ts";

export const privacyJobs = [rotateMasterKeyJob];
