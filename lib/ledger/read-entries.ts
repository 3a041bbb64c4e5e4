import type { Sql } from "postgres";
import type { Receipt } from "./receipt.ts";

/** An entry as the ledger has it. */
export type StoredEntry = Receipt & {
  /** Null where nothing could sign it. */
  jws: string | null;
  /** How its receipt fares: null once its delivery is so long ago that nobody remembers it. */
  delivery: "pending" | "delivered" | "not_applicable" | null;
};

/** A target's entries after one, in their order. @param limit at most so many */
async function readEntries(sql: Sql, target: string, after: number, limit: number): Promise<StoredEntry[]> {
  const rows = await sql<(Omit<StoredEntry, "entry" | "at"> & { entry: string; at: Date })[]>`
    select l.entry, l.kind, l.target, l.facts, l.at, l.by_token as by, l.receipt_id as "receiptId", l.receipt as jws,
           o.state as delivery
    from privacy_ledger l left join outbox o on o.target = l.target and o.id = l.receipt_id
    where l.target = ${target} and l.entry > ${after} order by l.entry limit ${limit}`;
  return rows.map((row) => ({ ...row, entry: Number(row.entry), at: row.at.toISOString() }) as StoredEntry);
}

/** All of them, a batch at a time. */
export async function* walkEntries(sql: Sql, target: string, batch = 500): AsyncGenerator<StoredEntry[]> {
  let after = 0;
  for (;;) {
    const entries = await readEntries(sql, target, after, batch);
    if (entries.length > 0) yield entries;
    if (entries.length < batch) return;
    after = entries.at(-1)?.entry ?? after;
  }
}

/** Which of these receipts the ledger knows. */
export async function knownReceipts(sql: Sql, ids: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ id: string }[]>`
    select receipt_id::text as id from privacy_ledger where receipt_id = any(${[...ids]}::uuid[])`;
  return new Set(rows.map(({ id }) => id));
}
