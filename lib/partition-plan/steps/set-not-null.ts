import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import { defineStep } from "../define-step.ts";
import { inNoTime } from "../estimates/in-no-time.ts";

export interface SetNotNull {
  table: TableName;
  columns: string[];
  /** The validated CHECK that says so already and goes then; null where one says it that stays. */
  check: string | null;
}

/** Columns that a validated CHECK says are never null become NOT NULL: the server believes the CHECK and scans nothing. */
export const setNotNullStep = defineStep<SetNotNull>({
  kind: "setNotNull",
  plan({ table, columns, check }) {
    const on = quoteQualified(table.schema, table.name);
    const listed = columns.map(quoteIdentifier);
    return {
      words: `Set ${listed.join(", ")} of ${on} not null`,
      sql: [
        `ALTER TABLE ${on} ${listed.map((column) => `ALTER COLUMN ${column} SET NOT NULL`).join(", ")}`,
        ...(check === null ? [] : [`ALTER TABLE ${on} DROP CONSTRAINT ${quoteIdentifier(check)}`]),
      ],
      locks: [{ relation: on, mode: "ACCESS EXCLUSIVE", stops: "reads and writes" }],
      scans: null,
      moves: null,
      estimate: inNoTime,
    };
  },
  async look(sql, { table, columns }) {
    const [row] = await sql<{ found: number }[]>`
      select count(a.attnum)::int as found from pg_class c join pg_namespace n on n.oid = c.relnamespace
      left join pg_attribute a on a.attrelid = c.oid and not a.attisdropped and a.attnotnull
        and a.attname in (select json_array_elements_text(${JSON.stringify(columns)}::text::json))
      where n.nspname = ${table.schema} and c.relname = ${table.name} group by c.oid`;
    if (!row) return "missing";
    return row.found === columns.length ? "done" : "not done";
  },
});
