import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { AppError } from "../../errors.ts";
import { inStepTransaction } from "../default-rows/in-step-transaction.ts";
import { lookAtPartition } from "../default-rows/look-at-partition.ts";
import { copiesMark, type Move, missingStatement, named } from "../default-rows/move-statements.ts";
import { defineStep } from "../define-step.ts";

export interface RemoveCopies extends Omit<Move, "condition"> {
  parent: TableName;
}

/** Removes the table of copies that an interrupted move left, once each of its rows was found in the default. */
export const removeCopiesStep = defineStep<RemoveCopies>({
  kind: "removeCopies",
  plan(params) {
    const { child } = params;
    return {
      words: `Remove ${named(child)}: copies that an interrupted move left, each still in ${named(params.default)}`,
      sql: [
        `LOCK TABLE ${named(child)} IN ACCESS EXCLUSIVE MODE`,
        missingStatement(params),
        `DROP TABLE ${named(child)}`,
      ],
      locks: [{ relation: named(child), mode: "ACCESS EXCLUSIVE", stops: "reads and writes" }],
      scans: { relation: named(params.default), rows: null },
      moves: null,
      reads: { of: [named(params.default)], inOrder: "and more" },
    };
  },
  async look(sql, params) {
    const { childThere, childAttached, childComment } = await lookAtPartition(sql, params);
    if (!childThere) return "done";
    return !childAttached && childComment === copiesMark(params.default) ? "not done" : "missing";
  },
  async run(context, params) {
    const [lock = "", compare = "", drop = ""] = removeCopiesStep.plan(params).sql;
    await inStepTransaction(context, async (sql) => {
      await sql.unsafe(lock);
      const [row] = await sql.unsafe<{ missing: string }[]>(compare);
      if (row?.missing !== "0")
        throw new AppError(
          "CONFLICT",
          `${row?.missing} rows of ${named(params.child)} are not in ${named(params.default)}, or differ there. It was not removed.`,
          { hint: "Compare the two tables; keep what you need, then drop or rename the copy yourself." },
        );
      await sql.unsafe(drop);
    });
  },
});
