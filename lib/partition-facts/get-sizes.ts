import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { withProbeSettings } from "./with-probe-settings.ts";

export interface PartitionSize {
  oid: number;
  /** Rows with free space and visibility maps, without TOAST. */
  tableBytes: number;
  indexBytes: number;
  toastBytes: number;
  /** Read from the files; false = pages counted at the last vacuum or analyze, because a lock was in the way. */
  measured: boolean;
}

/**
 * Sizes of every partition that has files, by oid, on a slow cadence of its own (10 min): size functions open
 * each relation and its files. A relation somebody holds or awaits an AccessExclusiveLock on is estimated instead.
 * Source: pg_table_size, pg_indexes_size, pg_class.relpages.
 */
export async function getPartitionSizes(audit: AuditDb): Promise<Observed<Map<number, PartitionSize>>> {
  const observed = await audit.read({
    name: "partitions.sizes",
    // Just under the sampler's ten minutes, so that each sample measures anew.
    ttlMs: 570_000,
    revalidateMs: 60_000,
    source: "pg_table_size, pg_indexes_size",
    run: (sql, server) =>
      withProbeSettings(
        sql,
        (probe) => probe<PartitionSize[]>`
          with recursive tree as (
            select c.oid from pg_class c
            where c.relkind = 'p' and not c.relispartition and c.relpersistence <> 't'
            union all
            select i.inhrelid from tree t join pg_inherits i on i.inhparent = t.oid
          ), locked as materialized (
            select distinct l.relation
            from pg_locks l
            where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock'
              and l.database = (select oid from pg_database where datname = current_database())
          ), leaf as materialized (
            select c.oid, c.relpages, c.reltoastrelid,
                   c.oid in (select relation from locked)
                     or c.reltoastrelid in (select relation from locked)
                     or exists (select from pg_index x
                                where x.indrelid = c.oid and x.indexrelid in (select relation from locked))
                     as is_locked
            from tree t join pg_class c on c.oid = t.oid
            where c.relkind = 'r'
          )
          select f.oid, not f.is_locked as "measured",
                 case when f.is_locked then f.relpages::float8 * ${server.blockSizeBytes}
                      else (pg_table_size(f.oid) - coalesce(pg_total_relation_size(nullif(f.reltoastrelid, 0)), 0))::float8
                 end as "tableBytes",
                 case when f.is_locked then
                        (select coalesce(sum(ic.relpages), 0)::float8 * ${server.blockSizeBytes}
                         from pg_index x join pg_class ic on ic.oid = x.indexrelid where x.indrelid = f.oid)
                      else pg_indexes_size(f.oid)::float8
                 end as "indexBytes",
                 case when f.is_locked then
                        coalesce((select tc.relpages::float8 * ${server.blockSizeBytes}
                                  from pg_class tc where tc.oid = f.reltoastrelid), 0)
                      else coalesce(pg_total_relation_size(nullif(f.reltoastrelid, 0)), 0)::float8
                 end as "toastBytes"
          from leaf f`,
      ),
  });
  return { ...observed, data: new Map(observed.data.map((row) => [row.oid, row])) };
}
