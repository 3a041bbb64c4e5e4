import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteIdentifier } from "../../quote-sql.ts";
import { lookAtPartition } from "../default-rows/look-at-partition.ts";
import { named } from "../default-rows/move-statements.ts";
import { defineStep } from "../define-step.ts";
import type { Estimate } from "../estimates/took.ts";

export interface KeepDefaultRows {
  parent: TableName;
  /** The default partition as it is called now. */
  default: TableName;
  /** What it is called as a partition of its own; may be its name of now. */
  child: TableName;
  /** The new default: the old one's name, unless that one keeps it. */
  newDefault: TableName;
  bounds: string;
  /** The whole condition of a row of that partition, so that attaching it scans nothing. */
  check: string;
  checkName: string;
  /** The statements that make the new default and attach it. */
  create: string[];
  rows: number;
  estimate: Estimate;
  /** No statement under the lock takes longer: what was estimated too short is rolled back. */
  longestMs: number;
}

/**
 * The default partition becomes the partition of its rows and an empty one takes its place: no row is written, so
 * that it is right for every snapshot. A row of another interval that came meanwhile fails the CHECK and undoes it.
 */
export const keepDefaultRowsStep = defineStep<KeepDefaultRows>({
  kind: "keepDefaultRows",
  plan(params) {
    const { parent, child, newDefault, bounds, check, checkName, create, rows, longestMs } = params;
    const [branch, old] = [named(parent), named(params.default)];
    return {
      words: `Attach ${old} as ${named(child)}, which holds all of its rows, and a new default ${named(newDefault)}`,
      sql: [
        `SET LOCAL statement_timeout = ${longestMs}`,
        `LOCK TABLE ONLY ${branch} IN ACCESS EXCLUSIVE MODE`,
        `ALTER TABLE ${branch} DETACH PARTITION ${old}`,
        `ALTER TABLE ${old} ADD CONSTRAINT ${quoteIdentifier(checkName)} CHECK (${check})`,
        ...(child.name === params.default.name
          ? []
          : [`ALTER TABLE ${old} RENAME TO ${quoteIdentifier(child.name)}`]),
        `ALTER TABLE ${branch} ATTACH PARTITION ${named(child)} FOR VALUES ${bounds}`,
        ...create,
      ],
      locks: [
        { relation: branch, mode: "ACCESS EXCLUSIVE", stops: "reads and writes" },
        { relation: old, mode: "ACCESS EXCLUSIVE", stops: "reads and writes" },
      ],
      joins: { table: parent, change: "attach again" },
      scans: { relation: old, rows },
      moves: null,
      estimate: params.estimate,
    };
  },
  async look(sql, params) {
    const { parentThere, childAttached, isDefault } = await lookAtPartition(sql, params);
    if (childAttached) return "done";
    return parentThere && isDefault ? "not done" : "missing";
  },
});
