import { z } from "zod";
import { instantInput } from "../../inputs.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { moveRequest } from "../move-request.ts";
import { assertKeptUntil, endColumns } from "./end-request.ts";
import { readShown, requestObject, shownRequest, standingAnswer, tellStanding } from "./request-verb.ts";

/**
 * Closes a request whose answer is on record. What it says of the person is destroyed three years later unless another day is
 * said, and never before the last floor that its erasures still wait for.
 */
export const closeRequest = defineAdminAction({
  name: "request.close",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({
    ...shownRequest,
    /** Until when what it says of the person is kept: ten years from now at most. */
    keptUntil: instantInput.optional(),
  }),
  answer: standingAnswer,
  object: requestObject,
  async run({ tx, actor, now }, { keptUntil, ...shown }) {
    const row = await readShown(tx, shown);
    assertKeptUntil(keptUntil, now);
    const set = await endColumns(tx, row, now, keptUntil);
    const facts = { personalUntil: set.personalUntil };
    return tellStanding(await moveRequest(tx, row, "close", { actor, now, set, facts }), facts);
  },
});
