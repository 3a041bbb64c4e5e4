import { z } from "zod";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { changeIncidents } from "./change-incidents.ts";
import { changedAnswer, checkChosen, chosenInput, commentInput, objectOf } from "./inputs.ts";

/** Puts a comment on an incident, also on a closed one. Its text stands there and nowhere else. */
export const commentOnIncident = defineAdminAction({
  name: "alert.comment",
  role: "operator",
  target: true,
  input: z.strictObject({ ...chosenInput, text: commentInput }).superRefine(checkChosen),
  answer: changedAnswer,
  object: objectOf,
  run: (context, { text, ...chosen }) => changeIncidents(context, chosen, { act: "comment", text }),
});
