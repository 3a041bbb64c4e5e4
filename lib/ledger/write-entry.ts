import { sql } from "drizzle-orm";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { MasterKeys } from "../audit-db/vault/types.ts";
import type { Tx } from "../db/console-db.ts";
import { personToken } from "../db/record.ts";
import { schema } from "../db/schema.ts";
import { sqlOf } from "../db/sql-of.ts";
import { type OpenKey, openSigningKey } from "../key-store/sign.ts";
import type { LedgerEntry } from "./entry.ts";
import { type Receipt, signReceipt } from "./receipt.ts";
import { receiptEvent } from "./receipt-event.ts";

export interface EntryContext {
  entry: LedgerEntry;
  /** Whoever did it; a person stands in the ledger as a token. */
  by: { kind: string; id: string | null };
  now: Date;
  /** Without master keys the receipt is not signed: a console that is restored takes nobody's word for it. */
  sign: { masterKeys: MasterKeys | undefined; auditTargets: readonly string[] };
}

/** What entries are written under: the next number and the key that signs. */
export interface Drawn {
  entry: number;
  key: OpenKey | null;
}

/**
 * Draws numbers and opens the key for them, in one round trip. A number that is not written under leaves a gap.
 * @throws AppError UNAVAILABLE when the signing key does not open
 */
export async function drawEntries(
  tx: Tx,
  count: number,
  { masterKeys, auditTargets }: EntryContext["sign"],
): Promise<Drawn[]> {
  // A replay, which gives entries their old numbers back, waits or is over: it gives nobody the number that is drawn here.
  const locked = sqlOf(tx)`lock table privacy_ledger in row exclusive mode`.execute();
  const [, numbers, key] = await Promise.all([
    locked,
    tx.execute<{ entry: string }>(sql`
      select nextval('privacy_ledger_entry_seq') as entry from generate_series(1, ${count}::int)`),
    masterKeys ? openSigningKey(tx, { masterKeys, auditTargets }) : null,
  ]);
  return numbers.map(({ entry }) => ({ entry: Number(entry), key }));
}

/**
 * Writes what was destroyed or restricted into the ledger, in the caller's transaction: its row, its signed receipt and
 * the delivery of that to the target's own log, all of it or nothing.
 * @param drawn its number and key, where the caller drew them
 * @returns the entry's number
 * @throws AppError UNAVAILABLE when the signing key does not open
 */
export async function writeLedgerEntry(tx: Tx, context: EntryContext, drawn?: Drawn): Promise<number> {
  const { entry: said, by, now, sign } = context;
  // The number is part of what is signed.
  const [one] = drawn ? [drawn] : await drawEntries(tx, 1, sign);
  if (!one) throw new Error("no number was drawn");
  const { entry, key } = one;
  const receipt: Receipt = {
    ...said,
    entry,
    receiptId: uuidV7(now.getTime()),
    at: now.toISOString(),
    by: by.kind === "user" && by.id !== null ? personToken(by.id) : "console_system",
  };
  const jws = key && signReceipt(receipt, key);
  await Promise.all([
    insertEntry(tx, receipt, jws),
    tx.insert(schema.outbox).values({
      id: receipt.receiptId,
      target: receipt.target,
      payload: receiptEvent(receipt, jws),
      createdAt: now,
      nextAttemptAt: now,
    }),
  ]);
  return receipt.entry;
}

/** The row alone, under the number that the receipt says. */
async function insertEntry(tx: Tx, receipt: Receipt, jws: string | null): Promise<void> {
  const { entry, kind, target, facts, at, by, receiptId } = receipt;
  await tx.execute(sql`
    insert into privacy_ledger (entry, kind, target, facts, at, by_token, receipt_id, receipt)
    overriding system value
    values (${entry}, ${kind}, ${target}, ${JSON.stringify(facts)}::jsonb, ${at}::timestamptz, ${by}, ${receiptId}, ${jws})`);
}
