import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import { defineStep } from "../define-step.ts";
import { knock } from "./knock.ts";
import { runAlone } from "./run-alone.ts";

export interface BuildIndex {
  table: TableName;
  /** The index's own, in the table's schema. */
  name: string;
  unique: boolean;
  /** What stands behind the table's name: `USING btree (at)`. */
  definition: string;
  rows: number | null;
}

/** Builds an index while the table is written. What a broken attempt left invalid under the name goes first. */
export const buildIndexStep = defineStep<BuildIndex>({
  kind: "buildIndex",
  alone: true,
  plan(params) {
    const on = quoteQualified(params.table.schema, params.table.name);
    return {
      words: `Build index ${quoteQualified(params.table.schema, params.name)}`,
      sql: [statementOf(params)],
      locks: [{ relation: on, mode: "SHARE UPDATE EXCLUSIVE", stops: "other changes of structure" }],
      scans: { relation: on, rows: params.rows },
      moves: null,
      reads: { of: [on], inOrder: "and more" },
    };
  },
  async look(sql, { table, name }) {
    const state = await lookAtIndex(sql, table, name);
    if (state === "valid") return "done";
    return state === "missing" ? "missing" : "not done";
  },
  async run(context, params) {
    const { table, name } = params;
    await knock(context, table);
    const index = quoteQualified(table.schema, name);
    const left = `${index} is left invalid: no query uses it, every write keeps it. The next run drops it and builds it anew.`;
    if ((await lookAtIndex(context.session.sql, table, name)) === "invalid")
      await runAlone(context, `DROP INDEX CONCURRENTLY ${index}`, { left });
    await runAlone(context, statementOf(params), { left });
  },
});

function statementOf({ table, name, unique, definition }: BuildIndex): string {
  const on = quoteQualified(table.schema, table.name);
  return `CREATE ${unique ? "UNIQUE " : ""}INDEX CONCURRENTLY ${quoteIdentifier(name)} ON ${on} ${definition}`;
}

/** `missing`: the table is; `absent`: no index of that name is on it. Source: pg_index. */
async function lookAtIndex(
  sql: Sql,
  table: TableName,
  name: string,
): Promise<"valid" | "invalid" | "absent" | "missing"> {
  const [row] = await sql<{ valid: boolean | null }[]>`
    select (select x.indisvalid from pg_index x join pg_class i on i.oid = x.indexrelid
            where x.indrelid = c.oid and i.relname = ${name}) as valid
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${table.schema} and c.relname = ${table.name}`;
  if (!row) return "missing";
  return row.valid === null ? "absent" : row.valid ? "valid" : "invalid";
}
