import type { AuditDb } from "../audit-db/types.ts";
import type { ObjectSample, SeriesDefinition } from "../collector/types.ts";
import { quoteQualified } from "../quote-sql.ts";

export const tableMetrics = [
  { name: "seqScan", kind: "counter", unit: "count" },
  { name: "idxScan", kind: "counter", unit: "count" },
  { name: "inserted", kind: "counter", unit: "count" },
  { name: "updated", kind: "counter", unit: "count" },
  { name: "deleted", kind: "counter", unit: "count" },
  { name: "hotUpdated", kind: "counter", unit: "count" },
  { name: "live", kind: "gauge", unit: "count" },
  { name: "dead", kind: "gauge", unit: "count" },
  { name: "blksRead", kind: "counter", unit: "count" },
  { name: "blksHit", kind: "counter", unit: "count" },
  { name: "blksFetched", kind: "counter", unit: "count" },
  { name: "vacuumCount", kind: "counter", unit: "count" },
  { name: "analyzeCount", kind: "counter", unit: "count" },
] as const satisfies readonly SeriesDefinition[];

type Metric = (typeof tableMetrics)[number]["name"];
type TableSample = { schema: string; name: string } & Record<Metric, number>;

/** Tables sampled at most: the most active since the last reset, and the newest, whose counters are still low. */
const tablesMostActive = 400;
const tablesNewest = 100;

/**
 * Cumulative figures of tables, materialised views and partitions outside the system schemas. Blocks are the
 * table's, its indexes' and its TOAST's. Source: pg_stat_get_* (pg_stat_all_tables, pg_statio_all_tables).
 */
export async function sampleTables(audit: AuditDb): Promise<ObjectSample[]> {
  const observed = await audit.read({
    name: "partitions.tables",
    ttlMs: 5_000,
    source: "pg_stat_all_tables, pg_statio_all_tables",
    run: (sql) => sql<TableSample[]>`
      with candidate as materialized (
        select c.oid, c.relnamespace, c.relname, c.reltoastrelid,
               pg_stat_get_blocks_fetched(c.oid) + pg_stat_get_tuples_inserted(c.oid)
                 + pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid) as activity
        from pg_class c
        where c.relkind in ('r', 'm') and c.relpersistence <> 't'
          and c.relnamespace not in (select oid from pg_namespace
                                     where nspname in ('pg_catalog', 'information_schema', 'pg_toast'))
      ), chosen as materialized (
        (select * from candidate order by activity desc, oid desc limit ${tablesMostActive})
        union
        (select * from candidate order by oid desc limit ${tablesNewest})
      ), part as (
        select oid as owner, oid as relation, false as is_index from chosen
        union all
        select x.indrelid, x.indexrelid, true from pg_index x where x.indrelid in (select oid from chosen)
        union all
        select t.oid, t.reltoastrelid, false from chosen t where t.reltoastrelid <> 0
        union all
        select t.oid, x.indexrelid, false from chosen t join pg_index x on x.indrelid = t.reltoastrelid
      ), block as (
        select owner, sum(pg_stat_get_blocks_fetched(relation)) as fetched,
               sum(pg_stat_get_blocks_hit(relation)) as hit,
               sum(pg_stat_get_numscans(relation)) filter (where is_index) as index_scans
        from part group by owner
      )
      select n.nspname as "schema", c.relname as "name",
             pg_stat_get_numscans(c.oid)::float8 as "seqScan",
             coalesce(b.index_scans, 0)::float8 as "idxScan",
             pg_stat_get_tuples_inserted(c.oid)::float8 as "inserted",
             pg_stat_get_tuples_updated(c.oid)::float8 as "updated",
             pg_stat_get_tuples_deleted(c.oid)::float8 as "deleted",
             pg_stat_get_tuples_hot_updated(c.oid)::float8 as "hotUpdated",
             pg_stat_get_live_tuples(c.oid)::float8 as "live",
             pg_stat_get_dead_tuples(c.oid)::float8 as "dead",
             (b.fetched - b.hit)::float8 as "blksRead", b.hit::float8 as "blksHit",
             b.fetched::float8 as "blksFetched",
             (pg_stat_get_vacuum_count(c.oid) + pg_stat_get_autovacuum_count(c.oid))::float8 as "vacuumCount",
             (pg_stat_get_analyze_count(c.oid) + pg_stat_get_autoanalyze_count(c.oid))::float8
               as "analyzeCount"
      from chosen c join pg_namespace n on n.oid = c.relnamespace join block b on b.owner = c.oid`,
  });
  return observed.data.map(({ schema, name, ...values }) => ({ key: quoteQualified(schema, name), values }));
}
