import type { Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { readClock } from "../../request-law/read-clock.ts";
import { type RequestActor, writeRequestEvent } from "../move-request.ts";
import type { RequestRow } from "../read-request.ts";
import type { SealedRequest } from "./request-input.ts";

/** Who hands a request in: a person, or a ticketing system of theirs. */
export interface Submitter {
  actor: RequestActor;
  /** Name of the ticketing system; null: a person. */
  source: string | null;
}

/** Writes a request that was sealed, with the first line of its timeline. */
export async function insertRequest(
  tx: Tx,
  { sealed, digests, duplicates, earlier, receivedAt, ...facts }: SealedRequest,
  { actor, source }: Submitter,
  now: Date,
): Promise<RequestRow> {
  const received = new Date(receivedAt);
  const { dueAt, standing } = readClock(
    { ...facts, receivedAt: received, intervals: [], extendedAt: null },
    now,
  );
  const [row] = await tx
    .insert(schema.privacyRequest)
    .values({
      ...facts,
      state: "received",
      receivedAt: received,
      dueAt,
      standing,
      source,
      submittedBy: actor?.person?.id ?? null,
      submittedByName: actor?.person?.email ?? actor?.name ?? `source ${source}`,
      submittedAt: now,
      sealed: Buffer.from(sealed, "base64"),
    })
    .returning();
  if (!row) throw new Error("a request's row was not returned");
  if (digests.length > 0)
    await tx
      .insert(schema.requestIdentifier)
      .values(digests.map((digest) => ({ requestId: row.id, digest: Buffer.from(digest, "hex") })));
  await writeRequestEvent(tx, row, {
    kind: "received",
    actor: actor ?? { name: `source ${source}`, role: "source", person: null },
    now,
    to: "received",
    facts: {
      channel: facts.channel,
      receivedAt,
      ...(duplicates.length > 0 && { duplicates }),
      ...(earlier && { earlier: earlier.request }),
    },
  });
  return row;
}
