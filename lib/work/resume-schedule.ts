import { z } from "zod";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { scheduleInput, setSchedule } from "./set-schedule.ts";

/** Runs begin by the clock again; what was missed meanwhile is not made up for. */
export const resumeSchedule = defineAdminAction({
  name: "schedule.resume",
  role: "operator",
  input: scheduleInput,
  answer: z.strictObject({ name: z.string(), enabled: z.boolean() }),
  object: ({ name }) => ({ type: "schedule", id: name, name }),
  async run({ tx }, { name }) {
    const facts = await setSchedule(tx, name, true);
    return { data: { name, enabled: true }, object: { type: "schedule", id: name, name }, facts };
  },
});
