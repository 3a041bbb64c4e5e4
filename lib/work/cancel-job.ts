import { z } from "zod";
import { cancelJob as cancel } from "../jobs/cancel-job.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { nameJob } from "./named-job.ts";

/** Ends a job that waits at once, and asks one that runs to end, which it does within seconds at its next safe place. */
export const cancelJob = defineAdminAction({
  name: "job.cancel",
  role: "operator",
  input: z.strictObject({ id: z.uuid("is not a job's id") }),
  answer: z.strictObject({ id: z.uuid(), state: z.enum(["cancelled", "running"]) }),
  object: ({ id }) => ({ type: "job", id }),
  async run({ tx, actor, now }, { id }) {
    const { object, facts } = await nameJob(tx, id);
    const { state } = await cancel(tx, id, actor, now);
    return { data: { id, state }, object, facts, jobId: id };
  },
});
