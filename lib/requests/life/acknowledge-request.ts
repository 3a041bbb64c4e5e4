import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";
import { isEnd } from "../../request-law/states.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { writeRequestEvent } from "../move-request.ts";
import { updateRequest } from "../read-request.ts";
import { readShown, requestObject, shownRequest, standingAnswer, tellStanding } from "./request-verb.ts";

/** The person was told that their request has arrived: California wants that within ten business days. */
export const acknowledgeRequest = defineAdminAction({
  name: "request.acknowledge",
  role: "privacy_officer",
  person: true,
  input: z.strictObject(shownRequest),
  answer: standingAnswer,
  object: requestObject,
  async run({ tx, actor, now }, shown) {
    const row = await readShown(tx, shown);
    if (isEnd(row.state))
      throw new AppError(
        "CONFLICT",
        `Request #${row.number} is ${row.state}: nothing is confirmed any more.`,
      );
    const { requestEvent } = schema;
    const [told] = await tx
      .select({ at: requestEvent.at })
      .from(requestEvent)
      .where(and(eq(requestEvent.requestId, row.id), eq(requestEvent.kind, "acknowledged")));
    if (told) throw new AppError("CONFLICT", `Request #${row.number} was acknowledged before.`);
    await writeRequestEvent(tx, row, { kind: "acknowledged", actor, now });
    return tellStanding(await updateRequest(tx, row, {}));
  },
});
