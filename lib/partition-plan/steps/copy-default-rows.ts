import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { lookAtPartition } from "../default-rows/look-at-partition.ts";
import { copiesMark, copyStatement, type Move, named } from "../default-rows/move-statements.ts";
import { defineStep } from "../define-step.ts";

export interface CopyDefaultRows extends Move {
  parent: TableName;
  /** Null where not all were counted. */
  rows: number | null;
}

/** 2 MB a transaction: some ten thousand rows, and some ten milliseconds. */
const pagesAtOnce = 256;

/** Where it goes on; what a killed run copied behind it is met by ON CONFLICT DO NOTHING. */
interface Copied {
  page: number;
  rows: number;
}

/** Copies the interval's rows in transactions of their own, while everybody reads them where they are. */
export const copyDefaultRowsStep = defineStep<CopyDefaultRows>({
  kind: "copyDefaultRows",
  alone: true,
  plan(params) {
    const { child, rows } = params;
    const from = named(params.default);
    return {
      words: `Copy rows of ${from} into ${named(child)}, ${pagesAtOnce} pages a transaction`,
      sql: [copyStatement(params, null)],
      locks: [],
      scans: { relation: from, rows: null },
      moves: { from, to: named(child), rows },
    };
  },
  async look(sql, params) {
    const { parentThere, isDefault, childAttached, childComment } = await lookAtPartition(sql, params);
    if (childAttached) return "done";
    return parentThere && isDefault && childComment === copiesMark(params.default) ? "not done" : "missing";
  },
  async run({ session, restored, checkpoint, progress, signal }, params) {
    let { page, rows } = (restored as Copied | null) ?? { page: 0, rows: 0 };
    // Rows that come later are moved with the last transaction, so the size of now is where it ends.
    const [size] = await session.sql<{ pages: number }[]>`
      select (pg_relation_size(${named(params.default)}::regclass) / current_setting('block_size')::int)::int as pages`;
    for (const pages = size?.pages ?? 0; page < pages; page += pagesAtOnce) {
      signal.throwIfAborted();
      const range = { from: page, to: page + pagesAtOnce };
      rows += (await session.sql.unsafe(copyStatement(params, range))).count;
      await checkpoint({ page: page + pagesAtOnce, rows } satisfies Copied);
      progress(rows, params.rows, "rows");
    }
  },
});
