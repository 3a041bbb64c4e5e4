import type { PlanRequest } from "@/lib/partition-plan/request.ts";
import type { Plan, StepOutcome } from "@/lib/partition-plan/types.ts";
import { nameRelation } from "@/lib/quote-sql.ts";
import type { JobSummary } from "@/lib/work/types.ts";
import type { AskedPlan } from "./plan-url.ts";

interface Ended {
  request: PlanRequest | null;
  table: Plan["table"] | null;
  outcomes: readonly StepOutcome[];
}

/** How the job stands: one that failed or was cancelled has not done all of it. */
type Ending = JobSummary["state"];

/** What a person may want next: what was not done planned again, or a detach taken back; null where there is nothing. */
export function nextRequest(
  { request, table, outcomes }: Ended,
  state: Ending,
): { label: string; request: AskedPlan } | null {
  if (request === null) return null;
  if (state !== "done" || outcomes.some(({ outcome }) => outcome !== "done"))
    return { label: "Plan the rest again", request };
  if (request.verb !== "detach" || table === null || outcomes.length === 0) return null;
  const { partition } = request;
  return {
    label: `Attach ${nameRelation(partition)} again`,
    request: { verb: "attach", partition, table },
  };
}
