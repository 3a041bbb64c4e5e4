import { z } from "zod";
import { AppError } from "../../errors.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { moveRequest, writeRequestEvent } from "../move-request.ts";
import { requireRequest } from "../read-request.ts";
import { requestNumber } from "../request-number.ts";
import { endColumns } from "./end-request.ts";
import { readShown, requestObject, shownRequest, standingAnswer, tellStanding } from "./request-verb.ts";

/** It is the same as another request of the same person, which goes on in its place. */
export const linkDuplicate = defineAdminAction({
  name: "request.mark_duplicate",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({
    ...shownRequest,
    /** Number of the request that goes on. */
    of: requestNumber,
  }),
  answer: standingAnswer,
  object: requestObject,
  async run({ tx, actor, now }, { of, ...shown }) {
    const row = await readShown(tx, shown);
    const other = await requireRequest(tx, of);
    if (other.id === row.id) throw unfit(`Request #${of} is no duplicate of itself.`);
    if (other.kind !== row.kind) throw unfit(`Request #${of} asks for something else: ${other.kind}.`);
    if (other.state === "duplicate" || other.state === "withdrawn")
      throw unfit(`Request #${of} does not go on: it is ${other.state}.`);
    await writeRequestEvent(tx, row, { kind: "linked", actor, now, facts: { of } });
    await writeRequestEvent(tx, other, { kind: "linked", actor, now, facts: { duplicate: row.number } });
    const set = { ...(await endColumns(tx, row, now)), duplicateOf: other.id };
    return tellStanding(await moveRequest(tx, row, "mark_duplicate", { actor, now, set }), { of });
  },
});

const unfit = (message: string) => new AppError("BAD_INPUT", message, { fields: { of: message } });
