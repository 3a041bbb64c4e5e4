import { z } from "zod";
import { sqlState } from "../../db/errors.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { isEnd } from "../../request-law/states.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { clockColumns } from "../clock/move-clock.ts";
import { readClocks } from "../clock/read-clocks.ts";
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

/** Why there may be more time: how complex it is, or how many requests there are (Art. 12(3) GDPR). */
export const extensionGrounds = ["complexity", "number"] as const;

const uniqueViolation = "23505";

/** The one extension. It is recorded when the person is told of it with the reasons, which must be within the first month. */
export const extendRequest = defineAdminAction({
  name: "request.extend",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({
    ...shownRequest,
    ground: z.enum(extensionGrounds),
    /** The reasons, as the person was told them. */
    note: noteInput,
  }),
  answer: standingAnswer,
  object: requestObject,
  async run({ tx, actor, now }, { ground, note, ...shown }) {
    const row = await readShown(tx, shown);
    const clock = (await readClocks(tx, [row], now)).get(row.id);
    if (clock?.extendedAt) throw extendedAlready(row.number);
    if (isEnd(row.state) || row.respondedAt !== null || clock?.clock.extendBy == null)
      throw new AppError(
        "CONFLICT",
        `Request #${row.number} cannot be extended: it is answered, or its first period is over.`,
        {
          hint: "An extension counts only where the person is told of it within the first period.",
        },
      );
    await tx
      .insert(schema.requestExtension)
      .values({ requestId: row.id, toldAt: now, by: actor.person?.email ?? actor.name, ground })
      .catch((thrown: unknown) => {
        throw sqlState(thrown) === uniqueViolation ? extendedAlready(row.number) : thrown;
      });
    return withTyped(tx, row, note, async (typed) => {
      const facts = { ground };
      await writeRequestEvent(tx, row, { kind: "extended", actor, now, facts, ...(typed && { typed }) });
      return tellStanding(await updateRequest(tx, row, await clockColumns(tx, row, now)), facts);
    });
  },
});

const extendedAlready = (number: number) =>
  new AppError("CONFLICT", `Request #${number} is extended already: that is possible once.`);
