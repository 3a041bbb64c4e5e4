import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { lookAtPartition } from "../default-rows/look-at-partition.ts";
import { copiesMark, markStatement, named } from "../default-rows/move-statements.ts";
import { defineStep } from "../define-step.ts";

export interface MakeStandAlone {
  parent: TableName;
  default: TableName;
  child: TableName;
  /** The statements that make it, its CHECK among them. */
  create: string[];
}

/** A table like a partition, apart from the tree: nobody but its owner reads it, and no query of the parent counts it. */
export const makeStandAloneStep = defineStep<MakeStandAlone>({
  kind: "makeStandAlone",
  plan({ parent, child, create, ...params }) {
    return {
      words: `Create ${named(child)} apart from ${named(parent)}, for copies of rows`,
      sql: [...create, markStatement(child, copiesMark(params.default))],
      locks: [],
      scans: null,
      moves: null,
    };
  },
  async look(sql, params) {
    const { parentThere, isDefault, childAttached, childComment } = await lookAtPartition(sql, params);
    if (childAttached || childComment === copiesMark(params.default)) return "done";
    return parentThere && isDefault ? "not done" : "missing";
  },
});
