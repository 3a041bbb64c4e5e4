import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { sqlOf } from "../db/sql-of.ts";
import { AppError } from "../errors.ts";
import { heldBack, passHoldGate } from "../holds/pass-hold-gate.ts";
import { type FoundKey, findKey } from "../key-store/find-key.ts";
import { returnKey } from "../key-store/return-key.ts";
import { destroyKey } from "../key-store/subject-keys.ts";
import { writeLedgerEntry } from "../ledger/write-entry.ts";
import { defineEffect } from "../verbs/effects/effect.ts";
import type { ErasureContext } from "./erasure-context.ts";
import { type ErasureStep, judgeErasure } from "./erasure-state.ts";
import { type ErasureRow, moveErasure, readErasures } from "./erasures.ts";
import { heldByOf } from "./held-by.ts";
import { destructionsOf, type KeyFacts, readKeyFacts } from "./read-key-facts.ts";
import { requesterOf } from "./requester.ts";

/** A key is destroyed, with the link from its token to the person. */
export const keyDestroyed = defineEffect({
  action: "privacy.destroy_key",
  input: z.strictObject({
    erasure: z.uuid(),
    token: z.string(),
    places: z.array(z.strictObject({ target: z.string(), policy: z.string() })),
  }),
  destroys: ({ token, places }) => places.map((place) => ({ ...place, tokens: [token] })),
  async look({ console }, { erasure }) {
    const [row] = await readErasures(console.db, [erasure]);
    return row?.state === "destroyed" ? "done" : "not done";
  },
});

/** Why a marked key was not destroyed, and what its erasure is from now on. */
export class KeptBack extends AppError {
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
 * from token to person, the ledger's entry and its receipt. What came under the key until it was marked counts: its floor
 * is asked for once more.
 * @returns the entry's number; that of before where it was destroyed already
 * @throws KeptBack when a floor or a hold keeps it after all; it is untouched then
 */
export async function destroyMarkedKey(
  context: ErasureContext,
  row: ErasureRow,
  keyTtlMs: number,
): Promise<number | null> {
  const key = await findKey(context.console.sql, row.token);
  if (!key || key.state === "erased") return (await settleDestroyed(context, row)).entry;
  const facts = await readKeyFacts(context, key);
  const floors = { holds: [], restricted: false, ...facts };
  const step = judgeErasure({ ...floors, now: context.now(), keyFreeAt: facts.freeAt });
  if (step.state !== "marked") throw new KeptBack(step, toldOf(step));
  const answer = await passHoldGate(context, destructionsOf(row, facts.rows), async (tx) => {
    const entry = await writeEntries(tx, context, row, key, facts);
    await destroyKey(sqlOf(tx), row.token, keyTtlMs);
    await settleRows(tx, context, row.token, entry);
    return entry;
  });
  if (answer.passed) return answer.value;
  throw new KeptBack({ state: "held", heldBy: heldByOf(answer), dueAt: null }, heldBack(answer));
}

/** Lets a marked key open again, which is not to be destroyed now: it is kept, and seals nothing more. */
export async function returnToKept(
  { console, now }: ErasureContext,
  row: ErasureRow,
  { state, heldBy, dueAt }: KeptBack["step"],
): Promise<void> {
  await console.db.transaction(async (tx) => {
    const moved = await moveErasure(tx, row, { state, heldBy, dueAt, lookedAt: now(), markedAt: null });
    if (moved) await returnKey(sqlOf(tx), row.token);
  });
}

/** The key is gone already, with another erasure of the same key. */
export async function settleDestroyed(context: ErasureContext, row: ErasureRow): Promise<ErasureRow> {
  const { db } = context.console;
  await db.transaction((tx) => settleRows(tx, context, row.token, row.entry));
  return (await readErasures(db, [row.id]))[0] ?? row;
}

/** An entry for each target that has rows under the key: each log replays its own. @returns that of the erasure's */
async function writeEntries(
  tx: Tx,
  context: ErasureContext,
  row: ErasureRow,
  { token, keyId }: FoundKey,
  { rows }: KeyFacts,
): Promise<number> {
  const policies = new Map([[row.target, new Set([row.policy])]]);
  for (const { target, policy } of rows)
    policies.set(target, (policies.get(target) ?? new Set()).add(policy));
  let own = 0;
  for (const [target, names] of policies) {
    const facts = { token, keyId: keyId.toString("hex"), policies: [...names].sort() };
    const said = { kind: "erasure" as const, target, facts };
    const entry = await writeLedgerEntry(tx, {
      entry: said,
      by: requesterOf(row),
      now: context.now(),
      sign: context,
    });
    if (target === row.target) own = entry;
  }
  return own;
}

/**
 * Every erasure that meant this key is through. What it was asked by is forgotten: it would lead from this token to the
 * person's other ones.
 */
async function settleRows(
  tx: Tx,
  { now, told }: ErasureContext,
  token: string,
  entry: number | null,
): Promise<void> {
  const { erasure } = schema;
  const open = await tx.select().from(erasure).where(eq(erasure.token, token)).for("update");
  const at = now();
  const settled: ErasureRow[] = [];
  for (const row of open) {
    if (row.state === "destroyed") continue;
    const moved = await moveErasure(tx, row, {
      state: "destroyed",
      destroyedAt: at,
      heldBy: [],
      dueAt: null,
      entry: entry ?? row.entry,
      approvalId: null,
      jobId: null,
    });
    if (moved) settled.push(moved);
  }
  if (settled.length > 0) await told?.(tx, settled, at);
}

function toldOf({ state, dueAt }: KeptBack["step"]): AppError {
  return new AppError(
    "CONFLICT",
    state === "kept"
      ? `Nothing was destroyed: a newer event came under the key, whose floor ends on ${dueAt.toISOString().slice(0, 10)}.`
      : "Nothing was destroyed: events under the key wait in quarantine.",
  );
}
