import type { z } from "zod";
import { defineJob, type Job } from "../jobs/define-job.ts";
import { createEraseJob } from "../privacy/erasure/erase-job.ts";
import { certifyJob } from "../requests/certificate/certify-job.ts";
import { createCarryOutJob } from "../requests/erasure/carry-out-job.ts";
import { tellDestroyed } from "../requests/erasure/tell-destroyed.ts";
import { moveRequest } from "../requests/move-request.ts";
import { requireRequest } from "../requests/read-request.ts";
import { requestJobInput } from "../requests/request-job.ts";
import { work } from "../requests/work.ts";
import { testKeyTtlMs } from "./key-ttl.ts";

/** A scan that finds nothing, where a test is about what comes before and after it. */
export const passingScan = defineJob({
  name: "privacy.scan",
  title: "Look for what is left of a person",
  input: requestJobInput,
  oneAtATime: false,
  run: (job, { request }) =>
    job.once("scanned", async (tx) => {
      const row = await requireRequest(tx, request);
      if (row.state !== "verifying") return;
      const guard = { remainderListed: true };
      await moveRequest(tx, row, "finish_verification", { actor: null, now: job.now(), guard });
    }),
});

/** The time that these jobs go by; null: it is now. */
export const testClock: { at: Date | null } = { at: null };

function byTestClock<I extends z.ZodType, R>(job: Job<I, R>): Job<I, R> {
  const now = () => testClock.at ?? new Date();
  return { ...job, run: (context, input) => job.run(Object.create(context, { now: { value: now } }), input) };
}

export const testCarryOutJob = createCarryOutJob({ scan: passingScan, keyTtlMs: testKeyTtlMs });
export const testWork = {
  ...work,
  scan: passingScan,
  execute: { ...work.execute, erasure: testCarryOutJob },
};
export const testRequestJobs = [
  byTestClock(createEraseJob({ keyTtlMs: testKeyTtlMs, told: tellDestroyed })),
  byTestClock(testCarryOutJob),
  byTestClock(passingScan),
  byTestClock(certifyJob),
];
