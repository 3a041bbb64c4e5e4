import { and, eq, sql } from "drizzle-orm";
import type { Queryable, Tx } from "../../db/console-db.ts";
import { schema } from "../../db/schema.ts";
import { AppError } from "../../errors.ts";

export type Approval = typeof schema.approval.$inferSelect;
export type ApprovalState = Approval["state"];

/** What may become of a request: each is run once, and nothing leads back but the truth about how that came out. */
const moves = {
  approve: { from: ["requested"], to: "approved", done: "approved" },
  refuse: { from: ["requested"], to: "refused", done: "refused" },
  withdraw: { from: ["requested"], to: "withdrawn", done: "withdrawn" },
  expire: { from: ["requested", "approved"], to: "expired", done: "expired" },
  execute: { from: ["approved"], to: "executed", done: "run" },
  // An effect outside the console's transaction is begun once that holds `executed`.
  fail: { from: ["approved", "executed"], to: "failed", done: "told as failed" },
  // It was done, as somebody who looked later found.
  correct: { from: ["failed"], to: "executed", done: "found done" },
} as const satisfies Record<string, { from: ApprovalState[]; to: ApprovalState; done: string }>;
export type ApprovalMove = keyof typeof moves;

/** What was decided is run no more: which of the vault's subjects it was about would tell whose tokens are one person's. */
const decided = { input: sql`${schema.approval.input} - 'subject'` };

/** @throws AppError NOT_FOUND */
export async function readApproval(db: Queryable, id: string): Promise<Approval> {
  const { approval } = schema;
  const [found] = await db.select().from(approval).where(eq(approval.id, id));
  if (!found) throw new AppError("NOT_FOUND", "There is no such request.");
  return found;
}

/** A request whose time has run out, whether or not that was written down yet. */
export function isOverdue({ state, expiresAt }: Approval, now: Date): boolean {
  return state === "requested" && expiresAt <= now;
}

/**
 * Moves a request on if it still is what was read of it (id, version, state).
 * @throws AppError CONFLICT when the move leads nowhere from its state, or somebody else was first
 */
export async function moveApproval(
  tx: Tx,
  read: Approval,
  move: ApprovalMove,
  set: Partial<Approval>,
  now: Date,
): Promise<Approval> {
  const { approval } = schema;
  const { from, to } = moves[move];
  if (!from.some((state) => state === read.state)) throw illegal(read.state, move);
  if (move !== "expire" && isOverdue(read, now)) throw illegal("expired", move);
  const [moved] = await tx
    .update(approval)
    .set({ ...set, state: to, version: read.version + 1, ...(move !== "approve" && decided) })
    .where(and(eq(approval.id, read.id), eq(approval.version, read.version), eq(approval.state, read.state)))
    .returning();
  if (!moved) throw illegal((await readApproval(tx, read.id)).state, move);
  return moved;
}

function illegal(state: ApprovalState, move: ApprovalMove): AppError {
  const { from, done } = moves[move];
  return new AppError(
    "CONFLICT",
    `This request is ${state}; only one that is ${from.join(" or ")} can be ${done}.`,
  );
}
