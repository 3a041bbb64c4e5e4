import { z } from "zod";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { replayInput, replayQuarantineJob } from "./replay-quarantine-job.ts";

/** Moves events out of quarantine whose cause is gone: these, or all that wait. The job tells what became of them. */
export const replayQuarantined = defineAdminAction({
  name: "quarantine.replay",
  role: "operator",
  target: true,
  input: replayInput,
  answer: z.strictObject({}),
  object: ({ target }) => ({ type: "quarantine", id: target, name: target }),
  async run({ enqueue }, input) {
    const object = { type: "quarantine", id: input.target, name: input.target };
    return { data: {}, object, jobId: await enqueue(replayQuarantineJob, input, { object }) };
  },
});
