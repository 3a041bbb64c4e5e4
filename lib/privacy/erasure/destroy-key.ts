import type { Tx } from "../../db/console-db.ts";
import { recordActivity } from "../../db/record.ts";
import { sqlOf } from "../../db/sql-of.ts";
import { AppError } from "../../errors.ts";
import { heldBack, passHoldGate } from "../../holds/pass-hold-gate.ts";
import { type FoundKey, findKey } from "../../key-store/find-key.ts";
import { returnKey } from "../../key-store/return-key.ts";
import { destroyLockedKey, type LockedKey, lockKey } from "../../key-store/subject-keys.ts";
import type { LedgerEntry } from "../../ledger/entry.ts";
import { type Drawn, drawEntries, writeLedgerEntry } from "../../ledger/write-entry.ts";
import { dayInWords } from "../../words.ts";
import { heldByOf } from "../held-by.ts";
import type { ErasureContext } from "./erasure-context.ts";
import { type ErasureStep, judgeErasure } from "./erasure-state.ts";
import { type ErasureRow, moveErasure } from "./erasures.ts";
import { destructionsOf, type KeyFacts, readKeyFacts } from "./read-key-facts.ts";
import { requesterOf } from "./requester.ts";
import { type LockedRow, lockRows, settleDestroyed, settledOf, settleRows } from "./settle-erasures.ts";
import { activityOf, type DestroyedBy, failureOf } from "./tell-destruction.ts";

/** Why a marked key was not destroyed, and what its erasure is from now on. */
class KeptBack extends AppError {
  readonly step: Exclude<ErasureStep, { state: "marked" }>;
  constructor(step: KeptBack["step"], told: AppError) {
    super("CONFLICT", told.message, { untouched: true, ...(told.hint !== undefined && { hint: told.hint }) });
    this.step = step;
  }
}

/** `instanceof` would take every AppError for one. */
export function isKeptBack(thrown: unknown): thrown is KeptBack {
  return thrown instanceof AppError && "step" in thrown;
}

/**
 * Destroys a marked key one key TTL after it was marked: in one transaction of the console with the erasure's row, the link
 * from token to person, the ledger's entry, its receipt and the activity row. All of it lies in the console, so nobody has to
 * look later whether it happened (ADR 88). What came under the key until it was marked counts: its floor is asked for once more.
 * @param by tells the activity log
 * @returns the erasure as it is then
 * @throws KeptBack when a floor or a hold keeps it after all; it is untouched then
 */
export async function destroyMarkedKey(
  context: ErasureContext,
  row: ErasureRow,
  keyTtlMs: number,
  by?: DestroyedBy,
): Promise<ErasureRow> {
  const key = await findKey(context.console.sql, row.token);
  if (!key || key.state === "erased") return settleDestroyed(context, row);
  const facts = await readKeyFacts(context, key);
  const floors = { holds: [], restricted: false, ...facts };
  const step = judgeErasure({ ...floors, now: context.now(), keyFreeAt: facts.freeAt });
  if (step.state !== "marked") throw new KeptBack(step, toldOf(step));
  const entries = entriesOf(row, key, facts);
  const answer = await passHoldGate<ErasureRow, Locked>(
    context,
    destructionsOf(row, facts.rows),
    async (tx, { open, locked, drawn }) => {
      // Somebody else was quicker, and told it.
      if (locked?.state === "erased") return settledOf(row, await settleRows(tx, context, open, row.entry));
      const now = context.now();
      const own = drawn[entries.findIndex(({ target }) => target === row.target)]?.entry ?? null;
      const entry = { by: requesterOf(row), now, sign: context };
      const [settled] = await Promise.all([
        settleRows(tx, context, open, own),
        destroyLockedKey(sqlOf(tx), locked, keyTtlMs),
        ...entries.map((said, nth) => writeLedgerEntry(tx, { ...entry, entry: said }, drawn[nth])),
        by && recordActivity(tx, activityOf(row, by, own), context.auditTargets, now),
      ]);
      return settledOf(row, settled);
    },
    (tx) => lockAll(tx, context, row.token, { count: entries.length, keyTtlMs }),
  );
  if (answer.passed) return answer.value;
  throw new KeptBack({ state: "held", heldBy: heldByOf(answer), dueAt: null }, heldBack(answer));
}

/** What is destroyed, and what it is told under. */
interface Locked {
  open: LockedRow[];
  locked: LockedKey | null;
  drawn: Drawn[];
}

/** The ledger before the erasures, as a replay, and those before the key, as whoever looks at one. */
async function lockAll(
  tx: Tx,
  context: ErasureContext,
  token: string,
  { count, keyTtlMs }: { count: number; keyTtlMs: number },
): Promise<Locked> {
  const [drawn, open, locked] = await Promise.all([
    drawEntries(tx, count, context),
    lockRows(sqlOf(tx), token),
    lockKey(sqlOf(tx), token, keyTtlMs),
  ]);
  return { open, locked, drawn };
}

/** Lets a marked key open again, which is not to be destroyed now: it is kept, seals nothing more, and that is told. */
export async function returnToKept(
  { console, now, auditTargets }: ErasureContext,
  row: ErasureRow,
  kept: KeptBack,
  by: DestroyedBy,
): Promise<ErasureRow> {
  const { state, heldBy, dueAt } = kept.step;
  return console.db.transaction(async (tx) => {
    const moved = await moveErasure(tx, row, { state, heldBy, dueAt, lookedAt: now(), markedAt: null });
    if (moved) await returnKey(sqlOf(tx), row.token);
    await recordActivity(tx, failureOf(row, by, kept), auditTargets, now());
    return moved ?? row;
  });
}

/** An entry for each target that has rows under the key: each log replays its own. */
function entriesOf(row: ErasureRow, { token, keyId }: FoundKey, { rows }: KeyFacts): LedgerEntry[] {
  const policies = new Map([[row.target, new Set([row.policy])]]);
  for (const { target, policy } of rows)
    policies.set(target, (policies.get(target) ?? new Set()).add(policy));
  return [...policies].map(([target, names]) => ({
    kind: "erasure",
    target,
    facts: { token, keyId: keyId.toString("hex"), policies: [...names].sort() },
  }));
}

function toldOf({ state, dueAt }: KeptBack["step"]): AppError {
  return new AppError(
    "CONFLICT",
    state === "kept"
      ? `Nothing was destroyed: a newer event came under the key, whose floor ends on ${dayInWords(dueAt.toISOString())}.`
      : "Nothing was destroyed: events under the key wait in quarantine.",
  );
}
