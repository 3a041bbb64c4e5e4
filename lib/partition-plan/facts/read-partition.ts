import type { Sql } from "postgres";
import type { TableName } from "../../audit-db/structural/table-lock.ts";

/** A partition as it hangs on its parent. */
export interface Partition {
  oid: number;
  kind: "r" | "p" | "f";
  parent: TableName & {
    oid: number;
    strategy: "r" | "l" | "h";
    default: (TableName & { oid: number }) | null;
  };
  root: TableName;
  isDefault: boolean;
  pending: boolean;
  /** Another partition of the same parent whose detach is unfinished. */
  otherPending: (TableName & { oid: number }) | null;
  /** As the server prints them, e.g. `FOR VALUES FROM (…) TO (…)`; null while its detach is pending. */
  bounds: string | null;
  /** What its rows satisfy, of every level; null while its detach is pending. */
  condition: string | null;
  /** Foreign keys that point at it or at a table above it. */
  referencedBy: (TableName & { constraint: string })[];
  /** Tables that its own foreign keys point at. */
  refersTo: TableName[];
}

/** Null for a name that is no partition, or nothing. Source: pg_inherits, pg_partitioned_table, pg_constraint. */
export async function readPartition(sql: Sql, { schema, name }: TableName): Promise<Partition | null> {
  const [found] = await sql<Partition[]>`
    with named as (select c.oid, n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace)
    select c.oid, c.relkind as kind, i.inhdetachpending as pending, coalesce(p.partdefid = c.oid, false) as "isDefault",
           json_build_object('oid', i.inhparent, 'schema', above.schema, 'name', above.name, 'strategy', p.partstrat,
                             'default', (select to_json(named) from named where oid = nullif(p.partdefid, 0))) as parent,
           (select json_build_object('schema', schema, 'name', name) from named
            where oid = pg_partition_root(i.inhparent)) as root,
           (select to_json(named) from pg_inherits other join named on named.oid = other.inhrelid
            where other.inhparent = i.inhparent and other.inhdetachpending and other.inhrelid <> c.oid limit 1) as "otherPending",
           pg_get_expr(c.relpartbound, c.oid) as bounds,
           pg_get_partition_constraintdef(c.oid) as condition,
           coalesce((select json_agg(distinct jsonb_build_object('schema', named.schema, 'name', named.name, 'constraint', k.conname))
                     from pg_constraint k join named on named.oid = k.conrelid
                     where k.contype = 'f' and k.conparentid = 0
                       and k.confrelid in (select relid from pg_partition_ancestors(c.oid))), '[]') as "referencedBy",
           coalesce((select json_agg(distinct jsonb_build_object('schema', named.schema, 'name', named.name))
                     from pg_constraint k join named on named.oid = k.confrelid
                     where k.contype = 'f' and k.conrelid = c.oid and k.confrelid <> c.oid), '[]') as "refersTo"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_inherits i on i.inhrelid = c.oid
    join pg_partitioned_table p on p.partrelid = i.inhparent
    join named as above on above.oid = i.inhparent
    where n.nspname = ${schema} and c.relname = ${name} and c.relispartition`;
  return found ?? null;
}
