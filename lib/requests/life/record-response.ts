import { z } from "zod";
import { AppError } from "../../errors.ts";
import { commandsFrom } from "../../request-law/transition.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { writeRequestEvent } from "../move-request.ts";
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

/** By which way the person was answered. */
export const responseChannels = ["email", "post", "account", "in_person", "phone", "other"] as const;

/** The person was answered: what was carried out, or the refusal with its grounds. The first answer counts for the month. */
export const recordResponse = defineAdminAction({
  name: "request.record_response",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({
    ...shownRequest,
    channel: z.enum(responseChannels),
    note: noteInput.optional(),
  }),
  answer: standingAnswer,
  object: requestObject,
  async run({ tx, actor, now }, { channel, note, ...shown }) {
    const row = await readShown(tx, shown);
    if (!commandsFrom(row.state).includes("close"))
      throw new AppError(
        "CONFLICT",
        `Request #${row.number} is ${row.state}: there is nothing to answer yet.`,
      );
    return withTyped(tx, row, note, async (typed) => {
      const facts = { channel };
      await writeRequestEvent(tx, row, { kind: "told", actor, now, facts, ...(typed && { typed }) });
      return tellStanding(await updateRequest(tx, row, { respondedAt: row.respondedAt ?? now }), facts);
    });
  },
});
