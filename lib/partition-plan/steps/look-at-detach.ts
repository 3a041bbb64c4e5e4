import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";

/** `done`: the table stands by itself. Source: pg_inherits. */
export async function lookAtDetach(
  sql: Sql,
  parent: TableName,
  child: TableName,
): Promise<"attached" | "pending" | "done" | "missing"> {
  const [row] = await sql<{ state: "attached" | "pending" | "done" }[]>`
    select case when i.inhrelid is null then 'done' when i.inhdetachpending then 'pending' else 'attached' end as state
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join (pg_inherits i join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace)
      on i.inhrelid = c.oid and p.relname = ${parent.name} and pn.nspname = ${parent.schema}
    where c.relname = ${child.name} and n.nspname = ${child.schema}`;
  return row?.state ?? "missing";
}
