import { sql } from "drizzle-orm";
import type { RedactedRow } from "../../audit-db/redaction/types.ts";
import type { Tx } from "../../db/console-db.ts";
import { consoleLocks } from "../../db/locks.ts";
import { type EntryContext, writeLedgerEntry } from "../../ledger/write-entry.ts";

/**
 * Writes into the ledger what was taken out of rows, but for what it says of them already: whoever died in between writes
 * what is missing. @returns the entries' numbers
 */
export async function writeRedactions(
  tx: Tx,
  target: string,
  rows: readonly RedactedRow[],
  context: Omit<EntryContext, "entry">,
): Promise<number[]> {
  await tx.execute(sql`select pg_advisory_xact_lock(${consoleLocks.redactions})`);
  const entries: number[] = [];
  for (const row of rows) {
    if (row.outcome === "leaf differs") continue;
    const { id, occurredAt, retentionPolicy: policy, leafVersion, leaf, fields, personal } = row;
    const taken = [...Object.keys(fields), ...personal];
    // A row from before leaves has nothing that a receipt could name it by but its id.
    if (taken.length === 0 || (await isTold(tx, target, row, taken))) continue;
    const facts = { id, occurredAt, policy, leafVersion, leaf: leaf || "0".repeat(64), fields, personal };
    entries.push(await writeLedgerEntry(tx, { ...context, entry: { kind: "redaction", target, facts } }));
  }
  return entries;
}

async function isTold(
  tx: Tx,
  target: string,
  { id, retentionPolicy }: RedactedRow,
  taken: readonly string[],
): Promise<boolean> {
  const [told] = await tx.execute<{ all: boolean }>(sql`
    select coalesce(jsonb_agg(name), '[]') @> ${JSON.stringify(taken)}::jsonb as all
    from privacy_ledger cross join lateral (
      select jsonb_object_keys(facts -> 'fields') as name
      union all select jsonb_array_elements_text(facts -> 'personal')
    ) names
    where kind = 'redaction' and target = ${target} and facts ->> 'id' = ${id} and facts ->> 'policy' = ${retentionPolicy}`);
  return told?.all === true;
}
