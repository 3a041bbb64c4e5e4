import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { shownMs } from "./cadence.ts";

/** A table or partition beside what autovacuum goes by for it. */
export interface TableUpkeep {
  oid: number;
  schema: string;
  name: string;
  rows: number;
  deadRows: number;
  deadBytes: number;
  /** Dead rows from which autovacuum works on it. */
  vacuumAt: number;
  changed: number;
  /** Changes since the last ANALYZE from which autovacuum analyzes it. */
  analyzeAt: number;
  /** Somebody keeps autovacuum from it. */
  autovacuumOff: boolean;
}

export interface Upkeeps {
  database: string;
  tables: TableUpkeep[];
}

/** Tables told at most, those furthest beyond their triggers first. */
export const mostTables = 200;

/**
 * Tables that are beyond half of a trigger of autovacuum, with their own storage parameters. Reads pg_class and counters
 * alone and takes no lock on any of them: 25 ms on 5,000 partitions.
 */
export function getTableUpkeep(audit: AuditDb, maxAgeMs = shownMs): Promise<Observed<Upkeeps>> {
  return audit.read<Upkeeps>({
    name: "maintenance.tableUpkeep",
    ttlMs: maxAgeMs,
    source: "pg_class, pg_stat_all_tables",
    run: async (sql, { database, blockSizeBytes, versionNum }) => {
      const own = (name: string) => sql`
        (select option_value from pg_options_to_table(c.reloptions) where option_name = ${name})`;
      const number = (name: string) => sql`
        coalesce(${own(name)}::float8, current_setting(${name})::float8)`;
      const most =
        versionNum >= 180_000
          ? sql`nullif(${number("autovacuum_vacuum_max_threshold")}, -1)`
          : sql`null::float8`;
      const tables = await sql<TableUpkeep[]>`
        with counted as materialized (
          select c.*, greatest(c.reltuples, pg_stat_get_live_tuples(c.oid), 0)::float8 as rows,
                 greatest(c.reltuples, 0)::float8 as known, pg_stat_get_live_tuples(c.oid)::float8 as live, pg_stat_get_dead_tuples(c.oid)::float8 as dead,
                 pg_stat_get_mod_since_analyze(c.oid)::float8 as changed
          from pg_class c
          where c.relkind in ('r', 'm') and c.relpersistence <> 't'
            and c.relnamespace not in ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)
            and (pg_stat_get_dead_tuples(c.oid) > 50 or pg_stat_get_mod_since_analyze(c.oid) > 50)
        ), judged as (
          select c.oid, n.nspname as schema, c.relname as name, c.rows, c.dead as "deadRows", c.changed,
                 c.relpages::float8 * ${blockSizeBytes} 
                   * least(1, c.dead / greatest(c.live + c.dead, c.known, 1)) as "deadBytes",
                 least(${number("autovacuum_vacuum_threshold")}
                       + ${number("autovacuum_vacuum_scale_factor")} * c.known, ${most}) as "vacuumAt",
                 ${number("autovacuum_analyze_threshold")}
                   + ${number("autovacuum_analyze_scale_factor")} * c.known as "analyzeAt",
                 coalesce(not ${own("autovacuum_enabled")}::boolean, false) as "autovacuumOff"
          from counted c join pg_namespace n on n.oid = c.relnamespace
        )
        select * from judged
        where "deadRows" > "vacuumAt" / 2 or changed > "analyzeAt" / 2
        order by greatest("deadRows" / greatest("vacuumAt", 1), changed / greatest("analyzeAt", 1)) desc, schema, name
        limit ${mostTables}`;
      return { database, tables: [...tables] };
    },
  });
}
