import { z } from "zod";
import { AppError } from "../../errors.ts";
import { requestStates } from "../../request-law/states.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { assertController } from "../controller-needed.ts";
import { readShown } from "../life/request-verb.ts";
import { moveRequest } from "../move-request.ts";
import { type RequestWork, workOf } from "../work-of.ts";
import { requestVerbInput } from "./execute-request.ts";

/** Goes on with a request that an error stopped, or that a hold kept back, from where it was. */
export function createResumeRequest(work: RequestWork) {
  return defineAdminAction({
    name: "request.resume",
    role: "privacy_officer",
    person: true,
    input: requestVerbInput,
    answer: z.strictObject({
      id: z.uuid(),
      number: z.int(),
      version: z.int(),
      state: z.enum(requestStates),
    }),
    object: ({ request }) => ({ type: "request", id: String(request) }),
    async run({ tx, actor, now, enqueue }, { request, version }) {
      const row = await readShown(tx, { request, version });
      if (row.resumesAt === null)
        throw new AppError(
          "CONFLICT",
          `Request #${row.number} is ${row.state}: nothing stopped it, so there is nothing to go on with.`,
        );
      if (row.resumesAt === "executing") await assertController(tx, row);
      const jobId = await enqueue(workOf(work, row, row.resumesAt), { request: row.id });
      const moved = await moveRequest(tx, row, "resume", {
        ...{ actor, now },
        set: { jobId, problem: null },
      });
      const { id, number, state } = moved;
      return {
        data: { id, number, version: moved.version, state },
        jobId,
        object: { type: "request", id: String(number) },
        facts: { from: row.state, to: state },
      };
    },
  });
}
