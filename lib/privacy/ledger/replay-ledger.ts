import { z } from "zod";
import { targetInput } from "../../inputs.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { replayJob } from "./replay-job.ts";

/**
 * Makes up for a restored database: a job repeats what the ledger and its signed receipts say was decided, and nothing
 * else, which is why no second person is asked. What nobody signed is left alone.
 */
export const replayLedger = defineAdminAction({
  name: "privacy.replay",
  role: "privacy_officer",
  target: true,
  input: z.strictObject({ target: targetInput }),
  answer: z.strictObject({}),
  async run({ enqueue }, { target }) {
    return { data: {}, jobId: await enqueue(replayJob, { target }) };
  },
});
