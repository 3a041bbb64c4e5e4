import type { Tx } from "../db/console-db.ts";
import type { JobContext } from "../jobs/define-job.ts";
import type { RequestState } from "../request-law/states.ts";
import { moveRequest } from "./move-request.ts";
import { lockRequest } from "./read-request.ts";

/** A job of it failed for good: it waits for somebody to resume it, unless it has left these states meanwhile. */
export async function failRequest(
  tx: Tx,
  job: Pick<JobContext, "now">,
  request: string,
  from: readonly RequestState[],
  facts: { code: string; jobId?: string },
): Promise<void> {
  const row = await lockRequest(tx, request);
  if (!from.includes(row.state)) return;
  await moveRequest(tx, row, "fail", { actor: null, now: job.now(), set: { problem: facts.code }, facts });
}
