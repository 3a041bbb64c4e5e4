import { quoteQualified } from "../../quote-sql.ts";
import { defineStep } from "../define-step.ts";
import { allChildren, allStatements, type NewTable } from "../likeness/new-table.ts";
import type { PlannedStep } from "../types.ts";

export interface CreatePartition extends NewTable {
  /** The default partition, whose rows ATTACH reads to see that none belongs into the new one. */
  scans?: PlannedStep["scans"];
}

/** CREATE, CHECK and ATTACH: readers of the parent are not waited for, as CREATE … PARTITION OF would. */
export const createPartitionStep = defineStep<CreatePartition>({
  kind: "createPartition",
  plan(params) {
    const { parent, child, inner = [], scans = null } = params;
    const tables = allChildren(params).length;
    const below = inner.length > 0 ? ` with ${inner.length} partitions below it` : "";
    return {
      words: `Create ${quoteQualified(child.schema, child.name)}${below}`,
      sql: allStatements(params),
      locks: [
        {
          relation: quoteQualified(parent.schema, parent.name),
          mode: "SHARE UPDATE EXCLUSIVE",
          stops: "other changes of structure",
        },
      ],
      scans,
      moves: null,
      ...(scans === null && { assumed: { seconds: 0.01 * tables, from: "assumed: 10 ms a table" } }),
      ...(scans && { reads: { of: [scans.relation], inOrder: "all" as const } }),
      joins: { table: parent, change: "attach" },
    };
  },
  async look(sql, { parent, child }) {
    const [row] = await sql<{ attached: boolean; parent: boolean }[]>`
      with above as (select oid from pg_class where relname = ${parent.name} and relkind = 'p'
                       and relnamespace = (select oid from pg_namespace where nspname = ${parent.schema}))
      select exists (select from above) as parent,
             exists (select from pg_inherits join above on above.oid = inhparent join pg_class below on below.oid = inhrelid
                     where below.relname = ${child.name}
                       and below.relnamespace = (select oid from pg_namespace where nspname = ${child.schema})) as attached`;
    if (!row?.parent) return "missing";
    return row.attached ? "done" : "not done";
  },
});
