import { z } from "zod";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { moveRequest, writeRequestEvent } from "../move-request.ts";
import {
  noteInput,
  readShown,
  requestObject,
  shownRequest,
  standingAnswer,
  tellStanding,
  withTyped,
} from "./request-verb.ts";

/** Proof of identity was asked for: where the law lets it, the clock stands until it is there (Art. 12(6) GDPR). */
export const askIdentity = defineAdminAction({
  name: "request.ask_identity",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({ ...shownRequest, note: noteInput.optional() }),
  answer: standingAnswer,
  object: requestObject,
  async run({ tx, actor, now }, { note, ...shown }) {
    const row = await readShown(tx, shown);
    return withTyped(tx, row, note, async (typed) => {
      await writeRequestEvent(tx, row, { kind: "identity_asked", actor, now, ...(typed && { typed }) });
      return tellStanding(await moveRequest(tx, row, "ask_identity", { actor, now }));
    });
  },
});
