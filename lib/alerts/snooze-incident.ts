import { z } from "zod";
import type { Check } from "../check.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { changeIncidents } from "./change-incidents.ts";
import { guardedWithinADay } from "./guarded-within-a-day.ts";
import { changedAnswer, checkChosen, chosenInput, objectOf, untilInput } from "./inputs.ts";

/** Puts an incident aside until a time; what it covers then is told no more before that. */
export function createSnoozeVerb(checks: readonly Check[]) {
  return defineAdminAction({
    name: "alert.snooze",
    role: "operator",
    target: true,
    input: z.strictObject({ ...chosenInput, until: untilInput }).superRefine(checkChosen),
    answer: changedAnswer,
    object: objectOf,
    run: (context, { until, ...chosen }) =>
      changeIncidents(
        context,
        chosen,
        { act: "snooze", until },
        guardedWithinADay(checks, until, context.now),
      ),
  });
}
