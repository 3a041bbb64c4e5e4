import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";

/** A relation that was asked for by name, from the catalogues alone: nobody's lock holds the answer up. */
export interface Relation extends TableName {
  /** Its place among those asked for. */
  asked: number;
  oid: number;
  /** r table, p partitioned, f foreign table, i index, I partitioned index, others as pg_class has them. */
  kind: string;
  owner: string;
  /** The root of its tree (of an index: of its table's); itself where it stands alone. */
  root: TableName;
  /** The table of an index. */
  table: TableName | null;
  rows: number | null;
  /** What a vacuum and an analyze of it took on average, in seconds; null before PostgreSQL 18 and where there was none. */
  vacuumSeconds: number | null;
  analyzeSeconds: number | null;
}

/** Those that exist, in the order asked. Source: pg_class, pg_stat_all_tables. */
export async function readRelations(sql: Sql, names: readonly TableName[]): Promise<Relation[]> {
  return sql<Relation[]>`
    with asked as (
      select * from json_to_recordset(${JSON.stringify(names.map((name, asked) => ({ ...name, asked })))}::text::json)
        as a (schema text, name text, asked int)
    )
    select distinct on (c.oid) a.asked, ${figures(sql)}
    from asked a
    join pg_namespace n on n.nspname = a.schema
    join pg_class c on c.relnamespace = n.oid and c.relname = a.name
    ${joins(sql)}
    order by c.oid, a.asked`;
}

/** What hangs below these tables and indexes, to the last level, without themselves. `pg_partition_tree()` would wait for locks. Source: pg_inherits. */
export async function readBelow(sql: Sql, oids: readonly number[]): Promise<Relation[]> {
  return sql<Relation[]>`
    with recursive tree as (
      select value::oid as oid, 0 as level from json_array_elements_text(${JSON.stringify(oids)}::text::json)
      union all
      select i.inhrelid, level + 1 from tree join pg_inherits i on i.inhparent = tree.oid
    )
    select distinct on (c.oid) 0 as asked, ${figures(sql)}
    from tree join pg_class c on c.oid = tree.oid and tree.level > 0
    join pg_namespace n on n.oid = c.relnamespace
    ${joins(sql)}
    order by c.oid`;
}

const figures = (sql: Sql) => sql`
  c.oid, n.nspname as schema, c.relname as name, c.relkind as kind, r.rolname as owner,
  nullif(c.reltuples, -1)::float8 as rows,
  json_build_object('schema', rn.nspname, 'name', root.relname) as root,
  case when x.indexrelid is not null then json_build_object('schema', tn.nspname, 'name', t.relname) end as "table",
  ((times ->> 'total_vacuum_time')::float8 + (times ->> 'total_autovacuum_time')::float8) / 1000
    / nullif(s.vacuum_count + s.autovacuum_count, 0) as "vacuumSeconds",
  ((times ->> 'total_analyze_time')::float8 + (times ->> 'total_autoanalyze_time')::float8) / 1000
    / nullif(s.analyze_count + s.autoanalyze_count, 0) as "analyzeSeconds"`;

const joins = (sql: Sql) => sql`
  join pg_roles r on r.oid = c.relowner
  left join pg_index x on x.indexrelid = c.oid
  left join pg_class t on t.oid = x.indrelid
  left join pg_namespace tn on tn.oid = t.relnamespace
  join pg_class root on root.oid = coalesce(pg_partition_root(coalesce(x.indrelid, c.oid))::oid, x.indrelid, c.oid)
  join pg_namespace rn on rn.oid = root.relnamespace
  left join pg_stat_all_tables s on s.relid = c.oid
  -- The columns of times are there from PostgreSQL 18 on.
  cross join lateral to_jsonb(s) as times`;
