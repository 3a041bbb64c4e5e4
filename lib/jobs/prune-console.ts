import { and, eq, inArray, lt, ne, notExists, or, sql } from "drizzle-orm";
import { pruneGuesses } from "../auth/throttle.ts";
import type { ConsoleDb } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { pruneIncidents } from "./prune-incidents.ts";
import { pruneSilences } from "./prune-silences.ts";

/** Sessions that ended and audit events that arrived are kept this long. */
const keptDays = 30;
/** Requests for a second person, from their last change on: who allowed what is asked for at the yearly audit. */
export const approvalsKeptDays = 365;

/**
 * Drops what nobody asks for any more: old sessions, settled outbox rows, deliveries and effects, forgotten sign-in failures. Never
 * activity, which tells how each effect came out, nor an effect of unknown outcome. How the checks of a target stood goes
 * once nobody has evaluated them for 30 days: it is configured no more. Limits that people set stay, for its return.
 */
export async function pruneConsole({ db }: ConsoleDb, now: Date = new Date()): Promise<void> {
  const before = new Date(now.getTime() - keptDays * 86_400_000);
  const { sessions, outbox, effect, delivery } = schema;
  await pruneGuesses(db, now);
  await pruneApprovals(db, now);
  await pruneChecks(db, before);
  await pruneIncidents(db, now);
  await pruneSilences(db, now);
  await db.delete(sessions).where(or(lt(sessions.expiresAt, before), lt(sessions.revokedAt, before)));
  await db.delete(outbox).where(and(ne(outbox.state, "pending"), lt(outbox.settledAt, before)));
  await db.delete(delivery).where(lt(delivery.settledAt, before));
  await db.delete(effect).where(and(inArray(effect.state, ["done", "failed"]), lt(effect.settledAt, before)));
}

async function pruneApprovals(db: ConsoleDb["db"], now: Date): Promise<void> {
  const { approval } = schema;
  const before = new Date(now.getTime() - approvalsKeptDays * 86_400_000).toISOString();
  await db
    .delete(approval)
    .where(
      and(
        inArray(approval.state, ["refused", "withdrawn", "expired", "executed", "failed"]),
        sql`coalesce(${approval.executedAt}, ${approval.decidedAt}, ${approval.expiresAt}) < ${before}::timestamptz`,
      ),
    );
}

async function pruneChecks(db: ConsoleDb["db"], before: Date): Promise<void> {
  const { checkEvaluation, checkState } = schema;
  await db.transaction(async (tx) => {
    await tx.delete(checkEvaluation).where(lt(checkEvaluation.evaluatedAt, before));
    await tx.delete(checkState).where(
      and(
        lt(checkState.evaluatedAt, before),
        notExists(
          tx
            .select({ one: sql`1` })
            .from(checkEvaluation)
            .where(
              and(
                eq(checkEvaluation.target, checkState.target),
                eq(checkEvaluation.checkId, checkState.checkId),
              ),
            ),
        ),
      ),
    );
  });
}
