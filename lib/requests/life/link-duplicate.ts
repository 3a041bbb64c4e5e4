import { sql } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "../../errors.ts";
import { isEnd } from "../../request-law/states.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { moveRequest, writeRequestEvent } from "../move-request.ts";
import { type RequestRow, requireRequest } from "../read-request.ts";
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
    // Both: else each could end for the other at once, and the one that goes on could end meanwhile.
    await tx.execute(sql`
      select from privacy_request where number in (${shown.request}, ${of}) order by number for update`);
    const row = await readShown(tx, shown);
    const other = await requireRequest(tx, of);
    assertGoesOn(row, other);
    await writeRequestEvent(tx, row, { kind: "linked", actor, now, facts: { of } });
    await writeRequestEvent(tx, other, { kind: "linked", actor, now, facts: { duplicate: row.number } });
    const set = { ...(await endColumns(tx, row, now)), duplicateOf: other.id };
    return tellStanding(await moveRequest(tx, row, "mark_duplicate", { actor, now, set }), { of });
  },
});

/** @throws AppError BAD_INPUT */
function assertGoesOn(row: RequestRow, other: RequestRow): void {
  const of = other.number;
  if (other.id === row.id) throw unfit(`Request #${of} is no duplicate of itself.`);
  if (other.kind !== row.kind) throw unfit(`Request #${of} asks for something else: ${other.kind}.`);
  if (isEnd(other.state)) throw unfit(`Request #${of} does not go on: it is ${other.state}.`);
  // The month runs from the first of them.
  if (other.receivedAt > row.receivedAt)
    throw unfit(`Request #${of} was received later: mark it as the duplicate of #${row.number} instead.`);
}

const unfit = (message: string) => new AppError("BAD_INPUT", message, { fields: { of: message } });
