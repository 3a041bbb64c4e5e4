import { z } from "zod";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { writeRequestEvent } from "../move-request.ts";
import {
  noteInput,
  readShown,
  requestObject,
  shownRequest,
  standingAnswer,
  tellStanding,
  withTyped,
} from "./request-verb.ts";

/** A note in the timeline, sealed as everything that people type about a request. */
export const addRequestNote = defineAdminAction({
  name: "request.add_note",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({ ...shownRequest, note: noteInput }),
  answer: standingAnswer,
  object: requestObject,
  async run({ tx, actor, now }, { note, ...shown }) {
    const row = await readShown(tx, shown);
    return withTyped(tx, row, note, async (typed) => {
      await writeRequestEvent(tx, row, { kind: "note", actor, now, ...(typed && { typed }) });
      return tellStanding(row);
    });
  },
});
