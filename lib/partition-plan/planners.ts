import type { AuditDb } from "../audit-db/types.ts";
import type { Took } from "./estimates/took.ts";
import type { PlanRequest, PlanVerb } from "./request.ts";
import type { Draft } from "./types.ts";

export interface PlanningContext {
  /** `audit.read` answers from a cache of seconds; a plan is made of what `audit.use("watch", …)` sees now. */
  audit: AuditDb;
  now: Date;
  /** The longest that writers may be made to queue, in milliseconds: a way that scans under a lock has to fit it. */
  lockTimeoutMs: number;
  /** What steps took here of late, from whoever keeps it; estimates come from it. */
  took?: readonly Took[];
  /** Pages of a default partition whose rows are counted at most; 512 MB of them when left out. */
  mostPages?: number;
}

/** One for each verb: looks at the database and says which steps lead where the request wants to be. */
export type Planner<Verb extends PlanVerb> = (
  context: PlanningContext,
  request: Extract<PlanRequest, { verb: Verb }>,
) => Promise<Draft>;
