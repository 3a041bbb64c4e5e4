import { z } from "zod";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { demoTarget, triedForSeconds, tryIdleInput, tryIdleJob } from "./try-idle-job.ts";

/** On the demo: has a transaction left idle, so that whoever is new can see an alert come and go. */
export const tryIdle = defineAdminAction({
  name: "demo.try_idle",
  role: "operator",
  target: true,
  input: tryIdleInput,
  answer: z.strictObject({ seconds: z.int() }),
  object: ({ target }) => ({ type: "target", id: target }),
  async run({ enqueue }, { target }) {
    demoTarget(target);
    const object = { type: "target", id: target };
    return {
      data: { seconds: triedForSeconds },
      object,
      jobId: await enqueue(tryIdleJob, { target }, { object }),
    };
  },
});
