import { inArray, sql } from "drizzle-orm";
import type { Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";

/**
 * What a withdrawn request asked for first, and nobody else asks for, is not destroyed later: its row goes, and the key
 * opens what it sealed. One that is marked comes through, since its events are shown to nobody already.
 * @returns how many are asked for no more
 */
export async function withdrawErasures(tx: Tx): Promise<number> {
  const rows = await tx.execute<{ id: string }>(sql`
    select erasure.id
    from privacy_request_erasure as link
    join privacy_request as request on request.id = link.request_id
    join erasure on erasure.id = link.erasure_id
    where request.state = 'withdrawn' and link.first and erasure.state in ('asked', 'kept', 'held')
      and not exists (
        select from privacy_request_erasure as other join privacy_request on privacy_request.id = other.request_id
        where other.erasure_id = erasure.id and privacy_request.state <> 'withdrawn')
    for update of erasure limit 500`);
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  const { erasure, requestErasure } = schema;
  await tx.delete(requestErasure).where(inArray(requestErasure.erasureId, ids));
  await tx.delete(erasure).where(inArray(erasure.id, ids));
  return ids.length;
}
