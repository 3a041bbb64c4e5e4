import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";

/** By its oid, so that one that was made anew under the name is another. Source: pg_class. */
export async function oidOf(sql: Sql, { schema, name }: TableName): Promise<number | null> {
  const [row] = await sql<{ oid: number }[]>`
    select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relname = ${name}`;
  return row?.oid ?? null;
}
