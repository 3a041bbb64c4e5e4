import { planAttach } from "./planners/plan-attach.ts";
import { planCreate } from "./planners/plan-create.ts";
import { planDetach } from "./planners/plan-detach.ts";
import { planFinalize } from "./planners/plan-finalize.ts";
import { planMaintain } from "./planners/plan-maintain.ts";
import { planLeavePartman, planRunPartman } from "./planners/plan-partman.ts";
import { planRepair } from "./planners/plan-repair.ts";
import type { Planner } from "./planners.ts";
import type { PlanVerb } from "./request.ts";

/** Who plans what. */
export const plannersByVerb: { [Verb in PlanVerb]: Planner<Verb> } = {
  create: planCreate,
  detach: planDetach,
  finalize: planFinalize,
  attach: planAttach,
  maintain: planMaintain,
  repair: planRepair,
  "run-partman": planRunPartman,
  "leave-partman": planLeavePartman,
};
