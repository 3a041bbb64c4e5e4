import { z } from "zod";
import { reasonInput } from "../reason.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { changeIncidents } from "./change-incidents.ts";
import { changedAnswer, checkChosen, chosenInput, objectOf } from "./inputs.ts";

/** Closes an incident that is normal; while it fires only with a reason, and what fires in it then opens none anew. */
export const closeIncident = defineAdminAction({
  name: "alert.close",
  role: "operator",
  target: true,
  input: z.strictObject({ ...chosenInput, reason: reasonInput.optional() }).superRefine(checkChosen),
  answer: changedAnswer,
  object: objectOf,
  run: (context, { reason, ...chosen }) =>
    changeIncidents(context, chosen, { act: "close", reason: reason ?? null }),
});
