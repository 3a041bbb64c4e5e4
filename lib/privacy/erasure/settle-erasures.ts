import type { Sql } from "postgres";
import type { Tx } from "../../db/console-db.ts";
import { sqlOf } from "../../db/sql-of.ts";
import type { ErasureContext } from "./erasure-context.ts";
import { isOpen } from "./erasure-state.ts";
import { type ErasureRow, moveErasure, readErasures } from "./erasures.ts";

/** An erasure that means a key. */
export type LockedRow = Pick<ErasureRow, "id" | "version" | "state" | "entry">;

/** Every one that means this key, locked. */
export async function lockRows(sql: Sql, token: string): Promise<LockedRow[]> {
  const rows = await sql<LockedRow[]>`
    select id, version, state, entry::float8 as entry from erasure where token = ${token} order by id for update`;
  return [...rows];
}

/**
 * Those that are open are through. What each was asked by is forgotten: it would lead from this token to the person's
 * other ones. @param rows locked
 */
export async function settleRows(
  tx: Tx,
  { now, told }: ErasureContext,
  rows: readonly LockedRow[],
  entry: number | null,
): Promise<ErasureRow[]> {
  const at = now();
  const moved = await Promise.all(
    rows
      .filter(({ state }) => isOpen(state))
      .map((row) =>
        moveErasure(tx, row, {
          state: "destroyed",
          destroyedAt: at,
          heldBy: [],
          dueAt: null,
          entry: entry ?? row.entry,
          approvalId: null,
          jobId: null,
        }),
      ),
  );
  const settled = moved.filter((row) => row !== null);
  if (settled.length > 0) await told?.(tx, settled, at);
  return settled;
}

/** The key is gone already, with another erasure of the same key. */
export async function settleDestroyed(context: ErasureContext, row: ErasureRow): Promise<ErasureRow> {
  const { db } = context.console;
  const settled = await db.transaction(async (tx) =>
    settleRows(tx, context, await lockRows(sqlOf(tx), row.token), row.entry),
  );
  return settled.length > 0 ? settledOf(row, settled) : ((await readErasures(db, [row.id]))[0] ?? row);
}

/** This one as it is now. */
export function settledOf(row: ErasureRow, settled: readonly ErasureRow[]): ErasureRow {
  return settled.find(({ id }) => id === row.id) ?? row;
}
