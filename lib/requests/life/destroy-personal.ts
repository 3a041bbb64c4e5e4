import { eq, sql } from "drizzle-orm";
import type { ConsoleDb, Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { writeRequestEvent } from "../move-request.ts";
import { type RequestRow, requireRequest, updateRequest } from "../read-request.ts";
import { destroyRequestKey } from "../sealed.ts";

/** In one round; the rest comes with the next. */
const mostAtOnce = 100;

/**
 * Destroys what requests say of the person on their retention date: never while an erasure or a redaction of theirs still waits for its day,
 * since the supplement is about them. For one process at a time. @returns how many requests
 */
export async function destroyDuePersonal({ sql, db }: ConsoleDb, now = new Date()): Promise<number> {
  const due = await sql<{ id: string }[]>`
    select id from privacy_request request
    where personal_until <= ${now} and sealed is not null and closed_at is not null and clear_due_at is null
      and not exists (
        select from privacy_request_erasure own join erasure on erasure.id = own.erasure_id
        where own.request_id = request.id and erasure.state <> 'destroyed')
    order by personal_until, id limit ${mostAtOnce}`;
  for (const { id } of due)
    await db.transaction(async (tx) => destroyPersonal(tx, await requireRequest(tx, id), now));
  return due.length;
}

/** The key first: without it nothing that is left in a copy of the tables can be read. */
async function destroyPersonal(tx: Tx, row: RequestRow, now: Date): Promise<void> {
  const { requestEvent, requestFile, requestIdentifier, requestPackage } = schema;
  await destroyRequestKey(tx, row.id);
  const texts = await tx
    .update(requestEvent)
    .set({ sealed: null })
    .where(sql`${requestEvent.requestId} = ${row.id} and ${requestEvent.sealed} is not null`)
    .returning({ id: requestEvent.id });
  const files = await tx
    .update(requestFile)
    .set({ sealed: null, sealedName: null })
    .where(sql`${requestFile.requestId} = ${row.id} and ${requestFile.sealed} is not null`)
    .returning({ id: requestFile.id });
  const identifiers = await tx
    .delete(requestIdentifier)
    .where(eq(requestIdentifier.requestId, row.id))
    .returning({ requestId: requestIdentifier.requestId });
  await tx.execute(sql`
    delete from ${schema.packagePiece} piece using ${requestPackage} package
    where package.id = piece.package_id and package.request_id = ${row.id}`);
  await updateRequest(tx, row, { sealed: null, personalDestroyedAt: now });
  await writeRequestEvent(tx, row, {
    kind: "personal_destroyed",
    actor: null,
    now,
    facts: { texts: texts.length, files: files.length, identifiers: identifiers.length },
  });
}
