import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";

/** Whether somebody asked for it since then. Statistics that were reset meanwhile say no: then it is done twice. Source: pg_stat_all_tables. */
export async function lookAtVisit(
  sql: Sql,
  { schema, name }: TableName,
  visit: "vacuum" | "analyze",
  since: string,
): Promise<"done" | "not done" | "missing"> {
  const last = visit === "vacuum" ? sql`last_vacuum` : sql`last_analyze`;
  const [row] = await sql<{ done: boolean }[]>`
    select coalesce(${last} > ${since}::timestamptz, false) as done
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join pg_stat_all_tables s on s.relid = c.oid
    where n.nspname = ${schema} and c.relname = ${name}`;
  if (!row) return "missing";
  return row.done ? "done" : "not done";
}
