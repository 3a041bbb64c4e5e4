import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import type { RequestRow } from "../read-request.ts";
import { listedMost, type Statement } from "./statement.ts";

/**
 * What the ledger has of the events that a request's scope found in clear, since it began to look: the clock of whoever had it
 * carried out may be ahead of the worker's.
 */
export async function readRedactions(
  db: Queryable,
  row: RequestRow,
): Promise<Pick<Statement, "redacted" | "receipts"> & { residue: string[] }> {
  if (row.executedAt === null) return { redacted: [], receipts: [], residue: [] };
  const redacted: Statement["redacted"] = [];
  const receipts: string[] = [];
  for (const target of row.targets) {
    const entries = await db.execute<{ entry: string; id: string; leaf: string; receipt: string | null }>(sql`
      select entry, facts ->> 'id' as id, facts ->> 'leaf' as leaf, receipt from privacy_ledger
      where kind = 'redaction' and target = ${target}
        and at >= (select began_at from privacy_request_scope where id = ${row.scopeId})
        and facts ->> 'id' in (
          select event_id::text from privacy_request_clear where scope_id = ${row.scopeId} and target = ${target})
      order by entry`);
    if (entries.length === 0) continue;
    const hash = createHash("sha256");
    for (const { entry, id, leaf } of entries) hash.update(`${entry} ${id} ${leaf}\n`);
    redacted.push({ target, events: new Set(entries.map(({ id }) => id)).size, digest: hash.digest("hex") });
    for (const { receipt } of entries)
      if (receipt !== null && receipts.length < listedMost) receipts.push(receipt);
  }
  return { redacted, receipts, residue: await readResidues(db, row) };
}

/** What may hold redacted values still, as it was when they were taken out. */
async function readResidues(db: Queryable, { id }: RequestRow): Promise<string[]> {
  const rows = await db.execute<{ target: string; line: string }>(sql`
    select facts ->> 'target' as target, line
    from privacy_request_event cross join lateral jsonb_array_elements_text(facts -> 'residue') as line
    where request_id = ${id} and kind = 'redaction' and jsonb_typeof(facts -> 'residue') = 'array'
    order by at, privacy_request_event.id`);
  return rows.map(({ target, line }) => `${target}: ${line}`);
}
