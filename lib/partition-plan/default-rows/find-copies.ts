import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";
import { copiesMark } from "./move-statements.ts";

/** Tables with copies of a default partition's rows that an interrupted move left. Source: pg_description. */
export function findCopies(sql: Sql, fallback: TableName): Promise<TableName[]> {
  return sql<TableName[]>`
    select n.nspname as "schema", c.relname as "name"
    from pg_description d join pg_class c on c.oid = d.objoid join pg_namespace n on n.oid = c.relnamespace
    where d.classoid = 'pg_class'::regclass and d.objsubid = 0 and d.description = ${copiesMark(fallback)}
      and c.relkind in ('r', 'p') and not c.relispartition
    order by 1, 2` as unknown as Promise<TableName[]>;
}
