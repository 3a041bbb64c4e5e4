import { z } from "zod";
import type { Check } from "../check.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { changeIncidents } from "./change-incidents.ts";
import { guardedWithinADay } from "./guarded-within-a-day.ts";
import {
  acknowledgedForMs,
  changedAnswer,
  checkChosen,
  chosenInput,
  objectOf,
  untilInput,
} from "./inputs.ts";

/** Says that somebody has it: what fires in it now is told no more, until an object is new or graver, or the time is over. */
export function createAcknowledgeVerb(checks: readonly Check[]) {
  return defineAdminAction({
    name: "alert.acknowledge",
    role: "operator",
    target: true,
    input: z.strictObject({ ...chosenInput, until: untilInput.optional() }).superRefine(checkChosen),
    answer: changedAnswer,
    object: objectOf,
    run(context, { until: asked, ...chosen }) {
      const until = asked ?? new Date(context.now.getTime() + acknowledgedForMs);
      const within = guardedWithinADay(checks, until, context.now);
      return changeIncidents(context, chosen, { act: "acknowledge", until }, within);
    },
  });
}
