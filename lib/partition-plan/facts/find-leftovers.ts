import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";

/** An index that REINDEX CONCURRENTLY left behind. */
export interface Leftover extends TableName {
  oid: number;
  table: TableName;
  /** The index that it is a copy of, or was. */
  of: string;
}

/**
 * Copies on these tables that a REINDEX CONCURRENTLY made and did not take away: invalid, named as it names them, and no
 * constraint's. One that is being built looks the same: whoever drops one waits for the builder. Source: pg_index.
 */
export async function findLeftovers(sql: Sql, tables: readonly TableName[]): Promise<Leftover[]> {
  return sql<Leftover[]>`
    select c.oid, n.nspname as schema, c.relname as name, regexp_replace(c.relname, '_cc(new|old)\\d*$', '') as of,
           json_build_object('schema', tn.nspname, 'name', t.relname) as "table"
    from pg_index x
    join pg_class c on c.oid = x.indexrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_class t on t.oid = x.indrelid join pg_namespace tn on tn.oid = t.relnamespace
    where not x.indisvalid and c.relkind = 'i' and c.relname ~ '_cc(new|old)\\d*$'
      and not exists (select from pg_constraint where conindid = c.oid)
      and not exists (select from pg_inherits where inhrelid = c.oid)
      and (tn.nspname, t.relname) in (
        select * from json_to_recordset(${JSON.stringify(tables)}::text::json) as a (schema text, name text))
    order by n.nspname, c.relname`;
}
