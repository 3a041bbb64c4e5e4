import { z } from "zod";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { changeIncidents } from "./change-incidents.ts";
import { changedAnswer, checkChosen, chosenInput, objectOf } from "./inputs.ts";

/** Takes an acknowledgement or a snooze back: it is open again. */
export const unacknowledgeIncident = defineAdminAction({
  name: "alert.unacknowledge",
  role: "operator",
  target: true,
  input: z.strictObject({ ...chosenInput }).superRefine(checkChosen),
  answer: changedAnswer,
  object: objectOf,
  run: (context, chosen) => changeIncidents(context, chosen, { act: "unacknowledge" }),
});
