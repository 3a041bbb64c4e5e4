import { eraseJob } from "./erase-job.ts";
import { redactJob } from "./redact-job.ts";
import { replayJob } from "./replay-job.ts";
import { rotateMasterKeyJob } from "./rotate-master-key-job.ts";

export const privacyJobs = [eraseJob, redactJob, replayJob, rotateMasterKeyJob];
