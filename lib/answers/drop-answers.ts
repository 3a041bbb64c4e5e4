import { z } from "zod";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { cacheObject, dropAnswersJob, dropInput } from "./drop-answers-job.ts";

/** Forgets answers in every process, so that the next reader gets new ones. The job tells how many there were. */
export const dropAnswers = defineAdminAction({
  name: "cache.drop",
  role: "operator",
  target: true,
  input: dropInput,
  answer: z.strictObject({}),
  object: cacheObject,
  async run({ enqueue }, input) {
    const object = cacheObject(input);
    return { data: {}, object, jobId: await enqueue(dropAnswersJob, input, { object }) };
  },
});
