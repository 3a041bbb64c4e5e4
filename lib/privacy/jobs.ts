import { createEraseJob } from "./erase-job.ts";
import type { ErasureTold } from "./erasure-context.ts";
import { redactJob } from "./redact-job.ts";
import { replayJob } from "./replay-job.ts";
import { rotateMasterKeyJob } from "./rotate-master-key-job.ts";

/** @param told is told of each erasure that comes through, in the transaction in which it does */
export const createPrivacyJobs = (told?: ErasureTold) => [
  createEraseJob({ ...(told && { told }) }),
  redactJob,
  replayJob,
  rotateMasterKeyJob,
];
