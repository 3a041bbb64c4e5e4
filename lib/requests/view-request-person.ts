import { and, eq, isNotNull } from "drizzle-orm";
import { z } from "zod";
import { schema } from "../db/schema.ts";
import { defineAdminAction } from "../verbs/admin-action.ts";
import { requireRequest, withRequestPerson } from "./read-request.ts";
import { requestNumber } from "./request-number.ts";
import { requestPerson } from "./sealed.ts";

/** What is sealed of a request, opened for whoever works on it. */
const opened = z.strictObject({
  person: requestPerson,
  /** What people typed, by the id of the timeline's entry. */
  texts: z.record(z.uuid(), z.string()),
  /** Names of its files, by their ids. */
  files: z.record(z.uuid(), z.string()),
});

/** Who asks, what they wrote, and what was typed about it. Each look is on record, by the request's number, before it is answered. */
export const viewRequestPerson = defineAdminAction({
  name: "request.view_person",
  role: "privacy_officer",
  person: true,
  input: z.strictObject({ request: requestNumber }),
  answer: opened,
  object: ({ request }) => ({ type: "request", id: String(request) }),
  async run({ tx }, { request }) {
    const row = await requireRequest(tx, request);
    const { requestEvent, requestFile } = schema;
    const events = await tx
      .select({ id: requestEvent.id, sealed: requestEvent.sealed })
      .from(requestEvent)
      .where(and(eq(requestEvent.requestId, row.id), isNotNull(requestEvent.sealed)));
    const files = await tx
      .select({ id: requestFile.id, sealed: requestFile.sealedName })
      .from(requestFile)
      .where(and(eq(requestFile.requestId, row.id), isNotNull(requestFile.sealedName)));
    const data = await withRequestPerson(tx, row, async (person, key) => {
      const open = (place: string, rows: typeof events) =>
        Object.fromEntries(
          rows.flatMap(({ id, sealed }) =>
            sealed ? [[id, key.open(`${place}/${id}`, sealed).toString()]] : [],
          ),
        );
      return { person, texts: open("event", events), files: open("file-name", files) };
    });
    return { data, object: { type: "request", id: String(row.number) } };
  },
});
