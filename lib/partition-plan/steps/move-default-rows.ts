import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { AppError } from "../../errors.ts";
import { awaitSnapshots } from "../default-rows/await-snapshots.ts";
import { inStepTransaction } from "../default-rows/in-step-transaction.ts";
import { lockInTurns } from "../default-rows/lock-in-turns.ts";
import { lookAtPartition } from "../default-rows/look-at-partition.ts";
import {
  copiesMark,
  type Move,
  markStatement,
  moveStatement,
  named,
} from "../default-rows/move-statements.ts";
import { defineStep } from "../define-step.ts";

export interface MoveDefaultRows extends Move {
  parent: TableName;
  bounds: string;
  /** The statements that make the table within the same transaction; null where it stands with copies in it. */
  create: string[] | null;
  /** Columns of a unique key by which copies are recognised; null where nothing was copied. */
  key: string[] | null;
  /** What the partition has besides what LIKE brings; after the rows, since its triggers are not for them. */
  traits: string[];
  /** Statements behind ATTACH. */
  after: string[];
  /** Null where not all were counted. */
  rows: number | null;
  /** In the default altogether: read twice under the lock. */
  scanned: number | null;
  /** No statement under the locks takes longer: what was estimated too short is rolled back. */
  longestMs: number;
}

interface Counts {
  moved: string;
  brought: string;
  same: string;
}

/**
 * The interval's rows leave the default and arrive in their partition with one commit. The parent is locked before the
 * partition is attached: a reader that came in between would have looked up the partitions of before, waited for the
 * default, and seen it without the rows.
 */
export const moveDefaultRowsStep = defineStep<MoveDefaultRows>({
  kind: "moveDefaultRows",
  triesItself: true,
  plan(params) {
    const { parent, child, rows, scanned, create, key } = params;
    const [branch, from] = [named(parent), named(params.default)];
    const { make, move, locks, again, finish } = statementsOf(params);
    return {
      words:
        create === null
          ? `Take the copied rows out of ${from} and attach ${named(child)}`
          : `Move rows of ${from} into ${named(child)} and attach it, in one transaction`,
      sql: [...make, move, ...(key === null ? [] : [countStatement(params)]), ...locks, again, ...finish],
      locks: [
        { relation: branch, mode: "ACCESS EXCLUSIVE", stops: "reads and writes" },
        { relation: from, mode: "ACCESS EXCLUSIVE", stops: "reads and writes" },
      ],
      joins: { table: parent, change: "attach" },
      awaits: "snapshots",
      scans: { relation: from, rows: scanned },
      moves: { from, to: named(child), rows },
    };
  },
  async look(sql, params) {
    const { parentThere, isDefault, childAttached, childComment } = await lookAtPartition(sql, params);
    if (childAttached) return "done";
    const ready = params.create !== null || childComment === copiesMark(params.default);
    return parentThere && isDefault && ready ? "not done" : "missing";
  },
  async run(context, params) {
    const { signal, progress } = context;
    const { make, move, locks, again, finish } = statementsOf(params);
    await awaitSnapshots(context, named(params.parent));
    await inStepTransaction(context, async (sql) => {
      await inOrder(sql, make);
      const moved = await moveRows(sql, move, params);
      if (params.key !== null) await requireCopiesTaken(sql, params, moved);
      await lockInTurns(sql, locks, signal);
      const late = await moveRows(sql, again, params);
      await inOrder(sql, finish);
      progress(Number(moved + late), params.rows, "rows");
    });
  },
});

function statementsOf(params: MoveDefaultRows) {
  const { parent, child, bounds, create, key, traits, after, longestMs } = params;
  return {
    make: create ?? [],
    move: moveStatement(params, key),
    // ONLY: what reads or writes through the parent has to pass it. The default with all below it, for those who do not.
    locks: [
      `LOCK TABLE ONLY ${named(parent)} IN ACCESS EXCLUSIVE MODE`,
      `LOCK TABLE ${named(params.default)} IN ACCESS EXCLUSIVE MODE`,
      `SET LOCAL statement_timeout = ${longestMs}`,
    ],
    again: moveStatement(params, null),
    finish: [
      ...(create === null ? [markStatement(child, null)] : []),
      ...traits,
      `ALTER TABLE ${named(parent)} ATTACH PARTITION ${named(child)} FOR VALUES ${bounds}`,
      ...after,
    ],
  };
}

function countStatement({ child }: MoveDefaultRows): string {
  return `SELECT count(*) AS copied FROM ${named(child)}`;
}

async function inOrder(sql: Sql, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await sql.unsafe(statement);
}

/** @returns how many left the default @throws AppError CONFLICT when one of them did not arrive as it was */
async function moveRows(sql: Sql, statement: string, params: MoveDefaultRows): Promise<bigint> {
  const [counts] = await sql.unsafe<Counts[]>(statement);
  const [moved, brought, same] = [counts?.moved, counts?.brought, counts?.same].map((text) =>
    BigInt(text ?? 0),
  ) as [bigint, bigint, bigint];
  if (moved === brought + same) return moved;
  throw new AppError(
    "CONFLICT",
    `${moved - brought - same} rows of ${named(params.default)} differ from what ${named(params.child)} holds under the same key. Nothing was moved.`,
    { hint: "Rows were changed after they were copied. Plan again without “rows never change”." },
  );
}

/** @throws AppError CONFLICT when the table holds copies of rows that the default does not hold any more */
async function requireCopiesTaken(sql: Sql, params: MoveDefaultRows, moved: bigint): Promise<void> {
  const [row] = await sql.unsafe<{ copied: string }[]>(countStatement(params));
  const copied = BigInt(row?.copied ?? 0);
  if (copied === moved) return;
  throw new AppError(
    "CONFLICT",
    `${copied - moved} rows of ${named(params.child)} were copied from ${named(params.default)} and are not there any more. Nothing was moved.`,
    { hint: "Rows were changed or deleted after they were copied. Plan again without “rows never change”." },
  );
}
