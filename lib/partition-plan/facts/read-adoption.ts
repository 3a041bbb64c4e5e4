import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";
import {
  type Column,
  type Constraint,
  type Index,
  readColumns,
  readConstraints,
  readIndexes,
} from "./read-table.ts";
import { readTriggers, type Trigger } from "./read-triggers.ts";

export interface TableFacts extends TableName {
  oid: number;
  kind: string;
  owner: string;
  /** Whether the owner of the tree, as whom it is worked on, may take it from its owner. */
  mayBeTaken: boolean;
  rows: number | null;
  isPartition: boolean;
  inherits: boolean;
  columns: Column[];
  constraints: Constraint[];
  indexes: Index[];
  triggers: Trigger[];
}

/** Null where there is none. Within `lookUp`. @param tree whose owner works on it; itself when left out */
export async function readTable(
  sql: Sql,
  { schema, name }: TableName,
  tree: TableName = { schema, name },
): Promise<TableFacts | null> {
  const [found] = await sql<
    Pick<TableFacts, "oid" | "kind" | "owner" | "mayBeTaken" | "rows" | "isPartition" | "inherits">[]
  >`
    select c.oid, c.relkind as kind, r.rolname as owner,
           coalesce((select pg_has_role(worker.relowner, c.relowner, 'usage') and pg_has_role(worker.relowner, above.relowner, 'member')
                            and has_schema_privilege(above.relowner, n.oid, 'create')
                     from pg_class above join pg_namespace an on an.oid = above.relnamespace
                     join pg_class worker on worker.oid = coalesce(pg_partition_root(above.oid)::oid, above.oid)
                     where an.nspname = ${tree.schema} and above.relname = ${tree.name}), false) as "mayBeTaken",
           nullif(c.reltuples, -1)::float8 as rows,
           c.relispartition as "isPartition",
           exists (select from pg_inherits where inhrelid = c.oid or inhparent = c.oid and c.relkind = 'r') as inherits
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner
    where n.nspname = ${schema} and c.relname = ${name}`;
  if (!found) return null;
  return {
    ...{ schema, name },
    ...found,
    columns: await readColumns(sql, found.oid),
    constraints: await readConstraints(sql, found.oid),
    indexes: await readIndexes(sql, [found.oid]),
    triggers: await readTriggers(sql, found.oid),
  };
}

/** How a table is cut, and what hangs on it. */
export interface Cut {
  root: TableName;
  strategy: "r" | "l" | "h";
  /** Each key column or expression as the server prints it. */
  key: string[];
  /** Of the first. */
  keyType: string;
  /** What rows of the table itself satisfy, where it is a partition too; null for a root. */
  condition: string | null;
  partitions: (TableName & { oid: number; bounds: string | null; pending: boolean })[];
  default: (TableName & { oid: number; rows: number | null; pages: number }) | null;
}

/** Null for a table that is not partitioned. Source: pg_partitioned_table, pg_inherits. */
export async function readCut(sql: Sql, oid: number): Promise<Cut | null> {
  const [cut] = await sql<Cut[]>`
    with named as (select c.oid, n.nspname as schema, c.relname as name, c.reltuples, c.relpartbound
                   from pg_class c join pg_namespace n on n.oid = c.relnamespace)
    select (select json_build_object('schema', schema, 'name', name) from named
            where oid = coalesce(pg_partition_root(p.partrelid)::oid, p.partrelid)) as root,
           p.partstrat as strategy,
           (select json_agg(part order by position) from (
              -- An expression stands alone: with others it is not judged here.
              select position, coalesce(quote_ident(a.attname),
                                        regexp_replace(pg_get_partkeydef(p.partrelid), '^\\w+ \\((.*)\\)$', '\\1')) as part
              from unnest(p.partattrs::int2[]) with ordinality as k (attribute, position)
              left join pg_attribute a on a.attrelid = p.partrelid and a.attnum = k.attribute and k.attribute <> 0) parts) as key,
           -- Of an enum's operator class the type is anyenum: then the column's own.
           (select format_type(case when t.typtype = 'p' then coalesce(a.atttypid, t.oid) else t.oid end, null)
            from pg_opclass o join pg_type t on t.oid = o.opcintype
            left join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0] and a.attnum > 0
            where o.oid = p.partclass[0]) as "keyType",
           pg_get_partition_constraintdef(p.partrelid) as condition,
           coalesce((select json_agg(json_build_object('oid', named.oid, 'schema', schema, 'name', name,
                                                       'bounds', pg_get_expr(relpartbound, named.oid), 'pending', inhdetachpending)
                                     order by schema, name)
                     from pg_inherits join named on named.oid = inhrelid where inhparent = p.partrelid), '[]') as partitions,
           (select json_build_object('oid', oid, 'schema', schema, 'name', name, 'rows', nullif(reltuples, -1),
                                      'pages', (select coalesce(sum(pg_relation_size(relid)), 0)::int8 / current_setting('block_size')::int
                                                from pg_partition_tree(oid)))
            from named where oid = nullif(p.partdefid, 0)) as default
    from pg_partitioned_table p where p.partrelid = ${oid}`;
  return cut ?? null;
}
