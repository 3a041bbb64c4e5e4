import { eq, isNull } from "drizzle-orm";
import type { ConsoleDb } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { readClocks } from "./read-clocks.ts";

/**
 * Reads the clocks of all open requests anew, and writes what the rows say of them where that differs: a newer calendar of
 * holidays counts. For one process at a time. @returns how many differed
 */
export async function refreshClocks({ db }: ConsoleDb, now = new Date()): Promise<number> {
  const { privacyRequest } = schema;
  const rows = await db.select().from(privacyRequest).where(isNull(privacyRequest.closedAt));
  const clocks = await readClocks(db, rows, now);
  let changed = 0;
  for (const row of rows) {
    const clock = clocks.get(row.id)?.clock;
    if (!clock || (clock.dueAt?.getTime() === row.dueAt?.getTime() && clock.standing === row.standing))
      continue;
    await db.transaction(async (tx) => {
      // As it stands in the transaction: somebody may have moved it since.
      const [locked] = await tx
        .select()
        .from(privacyRequest)
        .where(eq(privacyRequest.id, row.id))
        .for("update");
      if (!locked || locked.closedAt !== null) return;
      const fresh = (await readClocks(tx, [locked], now)).get(row.id)?.clock;
      if (!fresh) return;
      await tx
        .update(privacyRequest)
        .set({ dueAt: fresh.dueAt, standing: fresh.standing })
        .where(eq(privacyRequest.id, row.id));
      changed += 1;
    });
  }
  return changed;
}
