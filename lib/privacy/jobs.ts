import { createEraseJob } from "./erasure/erase-job.ts";
import type { ErasureTold } from "./erasure/erasure-context.ts";
import { rotateMasterKeyJob } from "./keys/rotate-master-key-job.ts";
import { replayJob } from "./ledger/replay-job.ts";
import { redactJob } from "./redaction/redact-job.ts";

/** @param told is told of each erasure that comes through, in the transaction in which it does */
export const createPrivacyJobs = (told?: ErasureTold) => [
  createEraseJob({ ...(told && { told }) }),
  redactJob,
  replayJob,
  rotateMasterKeyJob,
];
