import { sql } from "drizzle-orm";
import type { Queryable } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import type { StoredEntry } from "../read-entries.ts";
import { receiptEvent } from "../receipt-event.ts";

/** Lets the outbox deliver these receipts once more, under their own ids: where one stands after all nothing is added. */
export async function sendAgain(db: Queryable, entries: readonly StoredEntry[]): Promise<void> {
  const { outbox } = schema;
  for (let at = 0; at < entries.length; at += batch)
    await db
      .insert(outbox)
      .values(
        entries.slice(at, at + batch).map(({ jws, delivery: _, ...receipt }) => ({
          id: receipt.receiptId,
          target: receipt.target,
          payload: receiptEvent(receipt, jws),
        })),
      )
      .onConflictDoUpdate({
        target: [outbox.target, outbox.id],
        set: { state: "pending", nextAttemptAt: sql`now()`, settledAt: null, attempts: 0 },
      });
}

const batch = 500;
