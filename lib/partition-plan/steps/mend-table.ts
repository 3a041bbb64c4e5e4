import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { quoteIdentifier, quoteQualified } from "../../quote-sql.ts";
import { counted } from "../../words.ts";
import { defineStep } from "../define-step.ts";
import { inNoTime } from "../estimates/in-no-time.ts";
import { columnSql } from "../facts/compare-columns.ts";
import type { Column } from "../facts/read-table.ts";

export interface MendTable {
  table: TableName;
  /** Whom it is given to; null where it has its owner. */
  owner: string | null;
  /** What it lacks. */
  columns: Pick<Column, "name" | "type" | "collation">[];
}

/**
 * Gives a table the owner of the tree that it comes to, and the columns that it lacks: such as may be null and have no
 * default, so that rows are neither read nor written.
 */
export const mendTableStep = defineStep<MendTable>({
  kind: "mendTable",
  plan({ table, owner, columns }) {
    const on = quoteQualified(table.schema, table.name);
    const does = [
      ...(owner === null ? [] : [`give it to ${owner}`]),
      ...(columns.length === 0 ? [] : [`add ${counted(columns.length, "column")}`]),
    ];
    return {
      words: `Mend ${on}: ${does.join(", ")}`,
      sql: [
        ...(owner === null ? [] : [`ALTER TABLE ${on} OWNER TO ${quoteIdentifier(owner)}`]),
        ...(columns.length === 0
          ? []
          : [`ALTER TABLE ${on} ${columns.map((column) => `ADD COLUMN ${columnSql(column)}`).join(", ")}`]),
      ],
      locks: [{ relation: on, mode: "ACCESS EXCLUSIVE", stops: "reads and writes" }],
      scans: null,
      moves: null,
      estimate: inNoTime,
    };
  },
  async look(sql, { table, owner, columns }) {
    const [row] = await sql<{ owner: string; found: number }[]>`
      select pg_get_userbyid(c.relowner) as owner, count(a.attnum)::int as found
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      left join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
        and a.attname in (select json_array_elements_text(${JSON.stringify(columns.map(({ name }) => name))}::text::json))
      where n.nspname = ${table.schema} and c.relname = ${table.name} group by c.oid`;
    if (!row) return "missing";
    return (owner === null || row.owner === owner) && row.found === columns.length ? "done" : "not done";
  },
});
