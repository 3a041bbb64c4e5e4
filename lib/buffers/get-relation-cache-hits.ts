import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import type { RelationCacheHits, RelationCacheList, RelationKind } from "./types.ts";

export const relationOrders = ["reads", "hits", "blocks", "share", "size", "name"] as const;
export type RelationOrder = (typeof relationOrders)[number];

export interface RelationCacheOptions {
  kind: RelationKind;
  orderBy: RelationOrder;
  limit: number;
  /** Add partitions up under the partitioned table (or index) at the top. */
  groupPartitions: boolean;
  /** Show the server's own catalogues, too. */
  system: boolean;
}

/**
 * Blocks found in shared_buffers and read past it, per table or index, since its counters began: the figures
 * of pg_statio_all_tables and pg_statio_all_indexes, asked for without those views' joins, and with
 * the partitioned table besides. Sizes are relpages, as of the last vacuum or analyze: size functions take locks.
 */
export function getRelationCacheHits(
  audit: AuditDb,
  options: RelationCacheOptions,
): Promise<Observed<RelationCacheList>> {
  return audit.read({
    name: "caches.relations",
    key: [options.kind, options.orderBy, options.limit, options.groupPartitions, options.system],
    ttlMs: 10_000,
    source: options.kind === "table" ? "pg_statio_all_tables" : "pg_statio_all_indexes",
    run: async (sql) => {
      const rows = await readRelations(sql, options);
      return {
        rows: rows.map(({ total: _, ...row }) => row),
        total: rows[0]?.total ?? 0,
      };
    },
  });
}

function readRelations(sql: Sql, options: RelationCacheOptions) {
  const relations = options.kind === "table" ? tables(sql) : indexes(sql);
  const order = {
    reads: sql`"allReads" desc`,
    hits: sql`"allHits" desc`,
    blocks: sql`"allHits" + "allReads" desc`,
    share: sql`share nulls last, "allReads" desc`,
    size: sql`"sizeBytes" desc`,
    name: sql`schema`,
  }[options.orderBy];
  return sql<(RelationCacheHits & { total: number })[]>`
    with relation as materialized (${relations}),
    grouped as (
      select ${options.groupPartitions ? sql`coalesce(root, oid)` : sql`oid`} as oid,
             ${options.groupPartitions ? sql`nullif(count(root), 0)::int` : sql`null::int`} as partitions,
             ${options.groupPartitions ? sql`null::oid` : sql`max(root)`} as root,
             sum(hits) as hits, sum(reads) as reads, sum("indexHits") as "indexHits", sum("indexReads") as "indexReads",
             sum("toastHits") as "toastHits", sum("toastReads") as "toastReads", sum("sizeBytes") as "sizeBytes",
             sum(hits + coalesce("indexHits", 0) + coalesce("toastHits", 0)) as "allHits",
             sum(reads + coalesce("indexReads", 0) + coalesce("toastReads", 0)) as "allReads"
      from relation group by 1
    ),
    page as (
      select g.*, n.nspname::text as schema, c.relname::text as name,
             g."allHits" / nullif(g."allHits" + g."allReads", 0) as share, count(*) over ()::int as total
      from grouped g join pg_class c on c.oid = g.oid join pg_namespace n on n.oid = c.relnamespace
      where ${options.system} or n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
      order by ${order}, schema, name
      limit ${options.limit}
    )
    select ${options.kind}::text as kind, schema, name, partitions,
           (select t.relname::text from pg_index i join pg_class t on t.oid = i.indrelid
            where i.indexrelid = page.oid) as "table",
           (select format('%I.%I', n.nspname, r.relname)
            from pg_class r join pg_namespace n on n.oid = r.relnamespace
            where r.oid = page.root) as "partitionRoot",
           hits::float8 as hits, reads::float8 as reads,
           "indexHits"::float8 as "indexHits", "indexReads"::float8 as "indexReads",
           "toastHits"::float8 as "toastHits", "toastReads"::float8 as "toastReads",
           share::float8 as share, "sizeBytes"::float8 as "sizeBytes", total
    from page
    order by ${order}, schema, name`;
}

/** pg_partition_root() reads pg_inherits only: it does not wait for anybody's lock on the table. */
function tables(sql: Sql) {
  return sql`
    with index_blocks as materialized (
      select indrelid, sum(pg_stat_get_blocks_hit(indexrelid)) as hits,
             sum(pg_stat_get_blocks_fetched(indexrelid) - pg_stat_get_blocks_hit(indexrelid)) as reads
      from pg_index group by indrelid
    )
    select c.oid, case when c.relispartition then pg_partition_root(c.oid)::oid end as root,
           c.relpages::int8 * current_setting('block_size')::int as "sizeBytes",
           pg_stat_get_blocks_hit(c.oid) as hits,
           pg_stat_get_blocks_fetched(c.oid) - pg_stat_get_blocks_hit(c.oid) as reads,
           i.hits as "indexHits", i.reads as "indexReads",
           pg_stat_get_blocks_hit(nullif(c.reltoastrelid, 0)) + coalesce(t.hits, 0) as "toastHits",
           pg_stat_get_blocks_fetched(nullif(c.reltoastrelid, 0)) - pg_stat_get_blocks_hit(nullif(c.reltoastrelid, 0))
             + coalesce(t.reads, 0) as "toastReads"
    from pg_class c
    left join index_blocks i on i.indrelid = c.oid
    left join index_blocks t on t.indrelid = c.reltoastrelid
    where c.relkind in ('r', 'm')`;
}

function indexes(sql: Sql) {
  return sql`
    select c.oid, case when c.relispartition then pg_partition_root(c.oid)::oid end as root,
           c.relpages::int8 * current_setting('block_size')::int as "sizeBytes",
           pg_stat_get_blocks_hit(c.oid) as hits,
           pg_stat_get_blocks_fetched(c.oid) - pg_stat_get_blocks_hit(c.oid) as reads,
           null::int8 as "indexHits", null::int8 as "indexReads",
           null::int8 as "toastHits", null::int8 as "toastReads"
    from pg_class c where c.relkind = 'i'`;
}
