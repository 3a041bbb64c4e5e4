import { inArray, sql } from "drizzle-orm";
import type { Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import type { ErasureTold } from "../../privacy/erasure/erasure-context.ts";
import type { ErasureRow } from "../../privacy/erasure/erasures.ts";
import { writeRequestEvent } from "../move-request.ts";

/** Lines of a timeline that tell of something destroyed, as a condition on `privacy_request_event as event`. */
export const destructionEvents = sql`event.kind in ('erasure', 'redaction') and event.facts ->> 'step' in ('destroyed', 'redacted')`;

/**
 * Writes into the timeline of each request that asked for it that an erasure came through: in the transaction that destroys
 * the key and writes the ledger's entry, so that either all of it is there or nothing.
 */
export const tellDestroyed: ErasureTold = async (tx, destroyed, now) => {
  const { requestErasure } = schema;
  const links = await tx
    .select()
    .from(requestErasure)
    .where(
      inArray(
        requestErasure.erasureId,
        destroyed.map(({ id }) => id),
      ),
    );
  for (const { requestId, erasureId } of links) {
    const row = destroyed.find(({ id }) => id === erasureId);
    if (row) await writeDestroyed(tx, requestId, row, now);
  }
};

/** One that was settled by a process that tells no request, such as one of the version before. */
export async function tellUntold(tx: Tx, now: Date): Promise<number> {
  const untold = await tx.execute<{ request: string; id: string }>(sql`
    select link.request_id as request, erasure.id
    from privacy_request_erasure as link join erasure on erasure.id = link.erasure_id
    where erasure.state = 'destroyed' and not exists (
      select from privacy_request_event as event
      where event.request_id = link.request_id and event.kind = 'erasure'
        and event.facts ->> 'erasure' = erasure.id::text)
    for update of erasure limit 500`);
  if (untold.length === 0) return 0;
  const { erasure } = schema;
  const ids = untold.map(({ id }) => id);
  const rows = await tx.select().from(erasure).where(inArray(erasure.id, ids));
  for (const { request, id } of untold) {
    const row = rows.find((one) => one.id === id);
    if (row) await writeDestroyed(tx, request, row, now);
  }
  return untold.length;
}

async function writeDestroyed(
  tx: Tx,
  requestId: string,
  { id, target, policy, entry }: ErasureRow,
  now: Date,
): Promise<void> {
  const facts = { step: "destroyed", erasure: id, target, policy, entry };
  await writeRequestEvent(tx, { id: requestId }, { kind: "erasure", actor: null, now, facts });
}
