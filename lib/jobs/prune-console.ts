import { and, inArray, lt, ne, or } from "drizzle-orm";
import { pruneGuesses } from "../auth/throttle.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";

/** Sessions that ended and audit events that arrived are kept this long. */
const keptDays = 30;

/**
 * Drops what nobody asks for any more: old sessions, settled outbox rows and effects, forgotten sign-in failures. Never
 * activity, which tells how each effect came out, nor an effect of unknown outcome.
 */
export async function pruneConsole({ db }: ConsoleDb, now: Date = new Date()): Promise<void> {
  const before = new Date(now.getTime() - keptDays * 86_400_000);
  const { sessions, outbox, effect } = schema;
  await pruneGuesses(db, now);
  await db.delete(sessions).where(or(lt(sessions.expiresAt, before), lt(sessions.revokedAt, before)));
  await db.delete(outbox).where(and(ne(outbox.state, "pending"), lt(outbox.settledAt, before)));
  await db.delete(effect).where(and(inArray(effect.state, ["done", "failed"]), lt(effect.settledAt, before)));
}
