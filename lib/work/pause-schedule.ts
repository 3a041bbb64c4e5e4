import { z } from "zod";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { scheduleInput, setSchedule } from "./set-schedule.ts";

/** No run begins by the clock until it is resumed; one that runs goes on. */
export const pauseSchedule = defineAdminAction({
  name: "schedule.pause",
  role: "operator",
  input: scheduleInput,
  answer: z.strictObject({ name: z.string(), enabled: z.boolean() }),
  object: ({ name }) => ({ type: "schedule", id: name, name }),
  async run({ tx }, { name }) {
    const facts = await setSchedule(tx, name, false);
    return { data: { name, enabled: false }, object: { type: "schedule", id: name, name }, facts };
  },
});
