import { z } from "zod";
import { AppError } from "../../errors.ts";
import { targetInput } from "../../inputs.ts";
import { reasonInput } from "../../reason.ts";
import { defineAdminAction } from "../../verbs/admin-action.ts";
import { writeRequestEvent } from "../move-request.ts";
import { requireRequest, withRequestPerson } from "../read-request.ts";
import { requestNumber } from "../request-number.ts";
import { targetsOf } from "../targets-of.ts";

/**
 * Other people are shown in these events of a package that is yet to be made: somebody weighed the person's interest against
 * theirs (Art. 15(4), CJEU C-579/21), and says why. The reason is sealed with the request.
 */
export const revealOthers = defineAdminAction({
  name: "request.reveal_others",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({
    request: requestNumber,
    target: targetInput,
    events: z.array(z.uuid()).min(1).max(100),
    reason: reasonInput,
  }),
  answer: z.strictObject({ request: requestNumber }),
  object: ({ request }) => ({ type: "request", id: String(request) }),
  async run({ tx, actor, now }, { request, target, events, reason }) {
    const row = await requireRequest(tx, request);
    if (row.kind !== "access")
      throw new AppError("CONFLICT", `Request #${request} (${row.kind}) hands out nothing of others.`);
    if (row.closedAt)
      throw new AppError("CONFLICT", `Request #${request} is ${row.state}: nothing is made for it any more.`);
    const targets = targetsOf(row);
    if (!targets.includes(target)) {
      const message = `request #${request} is about ${targets.join(", ")}`;
      throw new AppError("BAD_INPUT", `target: ${message}.`, { fields: { target: message } });
    }
    const facts = { target, events };
    await withRequestPerson(tx, row, (_, key) =>
      writeRequestEvent(tx, row, {
        kind: "others_revealed",
        actor,
        now,
        facts,
        typed: { key, text: reason },
      }),
    );
    return { data: { request }, object: { type: "request", id: String(request) }, facts };
  },
});
