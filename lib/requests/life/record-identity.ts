import { z } from "zod";
import { AppError } from "../../errors.ts";
import { commandsFrom } from "../../request-law/transition.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { moveRequest, writeRequestEvent } from "../move-request.ts";
import { updateRequest } from "../read-request.ts";
import {
  noteInput,
  readShown,
  requestObject,
  shownRequest,
  standingAnswer,
  tellStanding,
  withTyped,
} from "./request-verb.ts";

/** By what somebody was recognised. What was shown is looked at and given back: nothing of it is kept. */
export const identityMethods = [
  "signed_in",
  "known_contact",
  "document_seen",
  "questions_answered",
  "representative",
  "other",
] as const;

/** What was seen of who asks, by whom, and with which result; never the document. */
export const recordIdentity = defineAdminAction({
  name: "request.record_identity",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({
    ...shownRequest,
    method: z.enum(identityMethods),
    result: z.enum(["confirmed", "not_confirmed"]),
    note: noteInput.optional(),
  }),
  answer: standingAnswer,
  object: requestObject,
  async run({ tx, actor, now }, { method, result, note, ...shown }) {
    const row = await readShown(tx, shown);
    if (!commandsFrom(row.state).includes("confirm_identity"))
      throw new AppError("CONFLICT", `Request #${row.number} is ${row.state}: nobody's identity is awaited.`);
    return withTyped(tx, row, note, async (typed) => {
      const facts = { method, result };
      await writeRequestEvent(tx, row, {
        kind: "identity_seen",
        ...{ actor, now, facts, ...(typed && { typed }) },
      });
      const seen =
        result === "confirmed"
          ? await moveRequest(tx, row, "confirm_identity", { actor, now })
          : await updateRequest(tx, row, {});
      return tellStanding(seen, facts);
    });
  },
});
