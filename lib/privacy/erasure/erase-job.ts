import { z } from "zod";
import { targetInput } from "../../inputs.ts";
import { defineJob } from "../../jobs/define-job.ts";
import { carryOutErasures, type ErasedCounts } from "./carry-out-erasures.ts";
import { type ErasureTold, erasureContext } from "./erasure-context.ts";

/** Erasures of one run. */
export const erasuresMost = 200;

export interface EraseOptions {
  /** How long processes may use a key after it was marked; tests make it shorter. */
  keyTtlMs?: number;
  /** Is told of each erasure that comes through, in the transaction in which it does. */
  told?: ErasureTold;
}

export function createEraseJob({ keyTtlMs, told }: EraseOptions = {}) {
  return defineJob({
    name: "privacy.erase",
    title: "Destroy the keys of a person's events that may go",
    input: z.strictObject({
      target: targetInput,
      erasures: z.array(z.uuid()).min(1).max(erasuresMost),
    }),
    target: true,
    oneAtATime: false,
    retry: { limit: 5, delaySeconds: 60, backoff: true },
    async run(job, { erasures }): Promise<ErasedCounts> {
      const context = erasureContext(job.console, job.now, job.audit, told);
      return carryOutErasures(job, context, { erasures, ...(keyTtlMs !== undefined && { keyTtlMs }) });
    },
  });
}

export const eraseJob = createEraseJob();
