import { z } from "zod";
import { purgeIdempotency } from "../audit-db/append/idempotency.ts";
import { defineJob } from "../jobs/define-job.ts";
import { replayQuarantineJob } from "./replay-quarantine-job.ts";

/** Forgets answers under idempotency keys once they have expired. */
export const purgeIdempotencyJob = defineJob({
  name: "events.purge_idempotency",
  title: "Purge expired idempotency keys",
  input: z.object({ target: z.string() }),
  target: true,
  retry: { limit: 3, delaySeconds: 60, backoff: true },
  keepDays: 7,
  async run({ audit }) {
    // A database that somebody has yet to migrate has no such table.
    if (!(await audit.server()).hasAuditSchema) return { purged: 0 };
    return { purged: await purgeIdempotency(audit) };
  },
});

export const eventsJobs = [purgeIdempotencyJob, replayQuarantineJob];
