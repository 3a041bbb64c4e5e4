import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { rankBounds } from "./rank-bounds.ts";
import type { BoundRanks, KeyColumn } from "./types.ts";
import { withProbeSettings } from "./with-probe-settings.ts";

/** One relation of a partition tree, from the catalogues alone. */
export interface PartitionNode {
  oid: number;
  schema: string;
  name: string;
  root: number;
  parent: number | null;
  /** 0 for the root. */
  level: number;
  /** p partitioned, r table, f foreign table */
  kind: "p" | "r" | "f";
  strategy: "range" | "list" | "hash" | null;
  partitionKey: string | null;
  key: KeyColumn[] | null;
  /** `pg_get_expr(relpartbound)` in UTC and ISO style; null for a root and while a lock hides it. */
  bounds: string | null;
  /** Where values of its range stand among those of their type, for types that the server orders. */
  ranks?: BoundRanks;
  isDefault: boolean;
  detachPending: boolean;
  /** From the last vacuum or analyze; null when there was none. */
  rowsAtAnalyze: number | null;
}

/** Bounds seen before, shown while somebody's lock hides them. Lives as long as the engine it is keyed by. */
const lastBounds = new WeakMap<AuditDb, Map<number, string>>();

/**
 * Every relation of every partitioned table of the connected database, roots first. A relation that somebody
 * holds or awaits an AccessExclusiveLock on keeps its last known bounds, because `pg_get_expr` would wait.
 * Source: pg_inherits, pg_class, pg_partitioned_table. 12 ms at 1,000 partitions, 51 ms at 5,000.
 */
export async function getPartitionNodes(audit: AuditDb): Promise<Observed<PartitionNode[]>> {
  const observed = await audit.read<PartitionNode[]>({
    name: "partitions.nodes",
    ttlMs: 15_000,
    source: "pg_inherits, pg_class",
    run: askPartitionNodes,
  });
  const known = lastBounds.get(audit.engine) ?? new Map<number, string>();
  const data = observed.data.map((node) =>
    node.bounds === null && node.level > 0 ? { ...node, bounds: known.get(node.oid) ?? null } : node,
  );
  lastBounds.set(
    audit.engine,
    new Map(data.flatMap((node) => (node.bounds ? [[node.oid, node.bounds]] : []))),
  );
  return { ...observed, data };
}

/** The same as it stands at this moment, for whoever is about to change it; bounds behind a lock are null. */
export async function askPartitionNodes(sql: Sql): Promise<PartitionNode[]> {
  const nodes = await withProbeSettings(
    sql,
    (probe) => probe<PartitionNode[]>`
      with recursive tree as (
        select c.oid, c.oid as root, null::oid as parent, 0 as level, false as pending
        from pg_class c
        where c.relkind = 'p' and not c.relispartition and c.relpersistence <> 't'
        union all
        select i.inhrelid, t.root, i.inhparent, t.level + 1, i.inhdetachpending
        from tree t join pg_inherits i on i.inhparent = t.oid
      ), locked as materialized (
        select distinct l.relation
        from pg_locks l
        where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock'
          and l.database = (select oid from pg_database where datname = current_database())
      )
      select c.oid, n.nspname as "schema", c.relname as "name", t.root, t.parent, t.level,
             c.relkind as "kind",
             case p.partstrat when 'r' then 'range' when 'l' then 'list' when 'h' then 'hash' end
               as "strategy",
             pg_get_partkeydef(p.partrelid) as "partitionKey",
             case when p.partrelid is not null then
               (select json_agg(json_build_object(
                         'name', a.attname,
                         'type', format_type(case when ty.typtype = 'p' and a.atttypid is not null then a.atttypid
                                                  else o.opcintype end, null),
                         'collation', (select format('%I.%I', cn.nspname, co.collname) from pg_collation co
                                       join pg_namespace cn on cn.oid = co.collnamespace where co.oid = k."collation"),
                         'less', case when o.oid < 16384 and (ty.typtype <> 'p' or a.atttypid is not null and
                                                              o.opcintype = 'anyenum'::regtype) then
                           (select op.oprname from pg_amop am join pg_operator op on op.oid = am.amopopr
                            where am.amopfamily = o.opcfamily and am.amopstrategy = 1 and o.opcmethod = 403
                              and am.amoplefttype = o.opcintype and am.amoprighttype = o.opcintype) end)
                       order by k.position)
                from unnest(p.partclass::oid[], p.partcollation::oid[], p.partattrs::int2[])
                  with ordinality as k(opclass, "collation", attribute, position)
                join pg_opclass o on o.oid = k.opclass
                join pg_type ty on ty.oid = o.opcintype
                left join pg_attribute a
                  on a.attrelid = p.partrelid and a.attnum = k.attribute and k.attribute <> 0)
             end as "key",
             case when l.relation is null then pg_get_expr(c.relpartbound, c.oid) end as "bounds",
             coalesce(above.partdefid = c.oid, false) as "isDefault",
             t.pending as "detachPending",
             nullif(c.reltuples, -1)::float8 as "rowsAtAnalyze"
      from tree t
      join pg_class c on c.oid = t.oid
      join pg_namespace n on n.oid = c.relnamespace
      left join pg_partitioned_table p on p.partrelid = c.oid
      left join pg_partitioned_table above on above.partrelid = t.parent
      left join locked l on l.relation = c.oid
      order by t.level, n.nspname, c.relname`,
  );
  return rankBounds(sql, nodes);
}
