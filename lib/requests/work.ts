import type { KeptRequests } from "./carry-on-requests.ts";
import { certifyJob } from "./certificate/certify-job.ts";
import { createCarryOutJob } from "./erasure/carry-out-job.ts";
import { packageJob } from "./package/package-job.ts";
import { scanJob } from "./scan/scan-job.ts";
import { scopeJob } from "./scope/scope-job.ts";
import type { RequestWork } from "./work-of.ts";

export const carryOutJob = createCarryOutJob({ scan: scanJob });

/** The job that works for a request in each state, and for each kind. */
export const work: RequestWork = {
  scope: scopeJob,
  scan: scanJob,
  execute: { access: packageJob, portability: packageJob, erasure: carryOutJob },
};

/** What requests do without anybody. */
export const keptRequests: KeptRequests = { ...work, certify: certifyJob };
