import { z } from "zod";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { readShown, requestObject, shownRequest } from "../life/request-verb.ts";
import { moveRequest } from "../move-request.ts";
import { startScope } from "./start-scope.ts";

/**
 * Counts what there is of the person on each target, as a dry run: what a decision rests on. Counted again, a decision that
 * was made on an older count is taken back.
 */
export const scopeRequest = defineAdminAction({
  name: "request.scope",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({
    ...shownRequest,
    /** Whether every event of the targets is looked through for identifiers in clear; unless given, where something is to be erased. */
    thorough: z.boolean().optional(),
  }),
  answer: z.strictObject({ scopeId: z.uuid() }),
  object: requestObject,
  async run(context, { request, version, thorough }) {
    const row = await readShown(context.tx, { request, version });
    const command = row.state === "verified" ? "begin_scope" : "rescope";
    const moved = await moveRequest(context.tx, row, command, {
      actor: context.actor,
      now: context.now,
      set: { decision: null, decidedBy: null, decidedByName: null, decidedAt: null },
    });
    const { scopeId, jobId } = await startScope(context, moved, thorough);
    return {
      data: { scopeId },
      jobId,
      object: { type: "request", id: String(row.number) },
      facts: { request: row.number },
    };
  },
});
