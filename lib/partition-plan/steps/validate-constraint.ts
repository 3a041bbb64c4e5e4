import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import { defineStep } from "../define-step.ts";
import { knock } from "./knock.ts";
import { runAlone } from "./run-alone.ts";

export interface ValidateConstraint {
  table: TableName;
  name: string;
  /** That are read. */
  rows: number | null;
}

/** Reads every row once while the table is read and written. */
export const validateConstraintStep = defineStep<ValidateConstraint>({
  kind: "validateConstraint",
  alone: true,
  plan({ table, name, rows }) {
    const on = quoteQualified(table.schema, table.name);
    return {
      words: `Validate constraint ${quoteIdentifier(name)} of ${on}`,
      sql: [statementOf(table, name)],
      locks: [{ relation: on, mode: "SHARE UPDATE EXCLUSIVE", stops: "other changes of structure" }],
      scans: { relation: on, rows },
      moves: null,
      reads: { of: [on], inOrder: "all" },
    };
  },
  look: async (sql, { table, name }) => {
    const state = await lookAtConstraint(sql, table, name);
    if (state === "validated") return "done";
    return state === "not validated" ? "not done" : "missing";
  },
  async run(context, { table, name }) {
    await knock(context, table);
    await runAlone(context, statementOf(table, name), {
      left: "The constraint holds for new rows and is not validated yet.",
    });
  },
});

function statementOf({ schema, name: table }: TableName, name: string): string {
  return `ALTER TABLE ${quoteQualified(schema, table)} VALIDATE CONSTRAINT ${quoteIdentifier(name)}`;
}

/** `missing`: the table is. Source: pg_constraint. */
export async function lookAtConstraint(
  sql: Sql,
  { schema, name }: TableName,
  constraint: string,
): Promise<"validated" | "not validated" | "absent" | "missing"> {
  const [row] = await sql<{ validated: boolean | null }[]>`
    select k.convalidated as validated
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join pg_constraint k on k.conrelid = c.oid and k.conname = ${constraint}
    where n.nspname = ${schema} and c.relname = ${name}`;
  if (!row) return "missing";
  return row.validated === null ? "absent" : row.validated ? "validated" : "not validated";
}
