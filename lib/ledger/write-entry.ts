import { sql } from "drizzle-orm";
import { uuidV7 } from "../audit-db/append/uuid-v7.ts";
import type { MasterKeys } from "../audit-db/vault/types.ts";
import type { Tx } from "../db/console-db.ts";
import { personToken } from "../db/record.ts";
import { schema } from "../db/schema.ts";
import { openSigningKey } from "../key-store/sign.ts";
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

/**
 * Writes what was destroyed or restricted into the ledger, in the caller's transaction: its row, its signed receipt and
 * the delivery of that to the target's own log, all of it or nothing.
 * @returns the entry's number
 * @throws AppError UNAVAILABLE when the signing key does not open
 */
export async function writeLedgerEntry(tx: Tx, context: EntryContext): Promise<number> {
  const { entry: said, by, now, sign } = context;
  const receipt: Receipt = {
    ...said,
    entry: await nextEntry(tx),
    receiptId: uuidV7(now.getTime()),
    at: now.toISOString(),
    by: by.kind === "user" && by.id !== null ? personToken(by.id) : "console_system",
  };
  const { masterKeys, auditTargets } = sign;
  const jws = masterKeys
    ? await signReceipt(receipt, await openSigningKey(tx, { masterKeys, auditTargets }))
    : null;
  await insertEntry(tx, receipt, jws);
  await tx.insert(schema.outbox).values({
    id: receipt.receiptId,
    target: receipt.target,
    payload: receiptEvent(receipt, jws),
    createdAt: now,
    nextAttemptAt: now,
  });
  return receipt.entry;
}

/** The number is part of what is signed, and so is drawn first. */
export async function nextEntry(tx: Tx): Promise<number> {
  const [drawn] = await tx.execute<{ entry: string }>(sql`
    select nextval(pg_get_serial_sequence('privacy_ledger', 'entry')) as entry`);
  return Number(drawn?.entry);
}

/** The row alone, under the number that the receipt says. */
export async function insertEntry(tx: Tx, receipt: Receipt, jws: string | null): Promise<void> {
  const { entry, kind, target, facts, at, by, receiptId } = receipt;
  await tx.execute(sql`
    insert into privacy_ledger (entry, kind, target, facts, at, by_token, receipt_id, receipt)
    overriding system value
    values (${entry}, ${kind}, ${target}, ${JSON.stringify(facts)}::jsonb, ${at}::timestamptz, ${by}, ${receiptId}, ${jws})`);
}
