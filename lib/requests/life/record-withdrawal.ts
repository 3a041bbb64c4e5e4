import { z } from "zod";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { moveRequest } from "../move-request.ts";
import { endColumns } from "./end-request.ts";
import {
  noteInput,
  readShown,
  requestObject,
  shownRequest,
  standingAnswer,
  tellStanding,
  withTyped,
} from "./request-verb.ts";

/** The person does not want it any more. An erasure that has begun is not called back. */
export const recordWithdrawal = defineAdminAction({
  name: "request.withdraw",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({ ...shownRequest, note: noteInput.optional() }),
  answer: standingAnswer,
  object: requestObject,
  async run({ tx, actor, now }, { note, ...shown }) {
    const row = await readShown(tx, shown);
    const set = await endColumns(tx, row, now);
    return withTyped(tx, row, note, async (typed) =>
      tellStanding(await moveRequest(tx, row, "withdraw", { actor, now, set, ...(typed && { typed }) })),
    );
  },
});
