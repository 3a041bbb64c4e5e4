import { defineJob } from "../jobs/define-job.ts";
import { createEraseJob } from "../privacy/erase-job.ts";
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

export const testCarryOutJob = createCarryOutJob({ scan: passingScan, keyTtlMs: testKeyTtlMs });
export const testWork = {
  ...work,
  scan: passingScan,
  execute: { ...work.execute, erasure: testCarryOutJob },
};
export const testRequestJobs = [
  createEraseJob({ keyTtlMs: testKeyTtlMs, told: tellDestroyed }),
  testCarryOutJob,
  passingScan,
  certifyJob,
];
