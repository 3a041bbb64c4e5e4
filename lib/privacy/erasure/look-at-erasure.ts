import { sqlOf } from "../../db/sql-of.ts";
import { judgeStanding } from "../../holds/find-holds.ts";
import { passHoldGate } from "../../holds/pass-hold-gate.ts";
import { readStanding, type Standing } from "../../holds/read-standing.ts";
import { findKey } from "../../key-store/find-key.ts";
import { closePolicy, keepKey, markKey } from "../../key-store/subject-keys.ts";
import { writeLedgerEntry } from "../../ledger/write-entry.ts";
import type { ErasureContext } from "./erasure-context.ts";
import { type ErasureStep, judgeErasure } from "./erasure-state.ts";
import { type ErasureRow, moveErasure } from "./erasures.ts";
import { lastFreeAt } from "./floor.ts";
import { destructionsOf, type KeyFacts, readKeyFacts } from "./read-key-facts.ts";
import { requesterOf } from "./requester.ts";
import { settleDestroyed } from "./settle-erasures.ts";

/**
 * Finds out what an erasure waits for, by the target's rows and policies as they are now, and moves it there: its key seals
 * nothing more from the first look on, and is marked once nothing keeps it. Rows under a key that is kept for other
 * policies are closed when their own policy lets them go. Repeating it is harmless.
 * @throws AppError when a target could not be asked; then it stays as it was
 */
export async function lookAtErasure(context: ErasureContext, row: ErasureRow): Promise<ErasureRow> {
  const { console, now } = context;
  const [key, standing] = await Promise.all([
    findKey(console.sql, row.token),
    readStanding(console.sql, [row.token]),
  ]);
  if (!key || key.state === "erased") return settleDestroyed(context, row);
  const facts = await readKeyFacts(context, key);
  const step = await judge(context, row, facts, facts.rows, standing);
  const looked = await console.db.transaction(async (tx) => {
    const { state, heldBy, dueAt } = step;
    const at = now();
    const moved = await moveErasure(tx, row, {
      state,
      heldBy,
      dueAt,
      lookedAt: at,
      ...(state === "marked" && { markedAt: at }),
    });
    if (moved) await (state === "marked" ? markKey : keepKey)(sqlOf(tx), row.token);
    return moved;
  });
  if (!looked || step.state === "marked" || !facts.shared || row.closedAt) return looked ?? row;
  return closeOwnPolicy(context, looked, facts, standing);
}

/** What keeps back that these rows of it go. */
async function judge(
  context: ErasureContext,
  row: ErasureRow,
  { quarantined }: Pick<KeyFacts, "quarantined">,
  rows: KeyFacts["rows"],
  standing: Standing,
): Promise<ErasureStep> {
  const { holds, restricted } = await judgeStanding(context, standing, destructionsOf(row, rows));
  return judgeErasure({
    now: context.now(),
    keyFreeAt: lastFreeAt(rows),
    holds: holds.map(({ id }) => id),
    restricted,
    quarantined,
  });
}

/** Shows the rows of the erasure's own policy no more, where that may go before the key. */
async function closeOwnPolicy(
  context: ErasureContext,
  row: ErasureRow,
  { rows }: KeyFacts,
  standing: Standing,
): Promise<ErasureRow> {
  const { token, target, policy } = row;
  const own = rows.filter((one) => one.target === target && one.policy === policy);
  const quarantined = own.some(({ floorDays }) => floorDays === null);
  const step = await judge(context, row, { quarantined }, own, standing);
  if (step.state !== "marked") return row;
  const now = context.now();
  const closed = await passHoldGate(context, destructionsOf(row, own), async (tx) => {
    const moved = await moveErasure(tx, row, { closedAt: now });
    if (!moved) return null;
    await closePolicy(sqlOf(tx), token, target, policy);
    const entry = await writeLedgerEntry(tx, {
      entry: { kind: "erasure", target, facts: { token, keyId: null, policies: [policy] } },
      by: requesterOf(row),
      now,
      sign: context,
    });
    return moveErasure(tx, moved, { entry });
  });
  return (closed.passed && closed.value) || row;
}
