import { z } from "zod";
import { retryJob as retry } from "../jobs/retry-job.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { nameJob } from "./named-job.ts";

/** Lets a failed or cancelled job wait again: it goes on from its checkpoint, or begins anew where it kept none. */
export const retryJob = defineAdminAction({
  name: "job.retry",
  role: "operator",
  input: z.strictObject({ id: z.uuid("is not a job's id") }),
  answer: z.strictObject({ id: z.uuid(), from: z.enum(["checkpoint", "beginning"]) }),
  object: ({ id }) => ({ type: "job", id }),
  async run({ tx, actor, now }, { id }) {
    const { object, facts, hasCheckpoint } = await nameJob(tx, id);
    await retry(tx, id, actor, now);
    return { data: { id, from: hasCheckpoint ? "checkpoint" : "beginning" }, object, facts, jobId: id };
  },
});
