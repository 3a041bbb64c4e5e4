import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { shownMs } from "./cadence.ts";

export interface InvalidIndex {
  oid: number;
  schema: string;
  name: string;
  tableSchema: string;
  table: string;
  /** On a partitioned table: its partitions have indexes of their own below it. */
  partitioned: boolean;
  /** Part of an index on the parent, and dropped only with that. */
  attached: boolean;
}

export interface InvalidIndexes {
  database: string;
  user: string;
  invalid: InvalidIndex[];
  /** Builds of other roles that our role may not look into. */
  hiddenBuilds: number;
}

/**
 * Indexes that are not valid while nobody builds or drops them. 10 ms on 30,000 indexes, and a second look only where
 * the first found some: a build that ended between catalogue and progress looks like one that failed.
 */
export function getInvalidIndexes(audit: AuditDb, maxAgeMs = shownMs): Promise<Observed<InvalidIndexes>> {
  return audit.read({
    name: "maintenance.invalidIndexes",
    ttlMs: maxAgeMs,
    source: "pg_index, pg_stat_progress_create_index",
    run: async (sql, { database, user }) => {
      const first = await look(sql);
      const again = first.length > 0 ? new Set((await look(sql)).map(({ oid }) => oid)) : null;
      const [hidden] = await sql<{ builds: number }[]>`
        select count(*)::int as builds from pg_stat_progress_create_index
        where datname = current_database() and relid is null`;
      return {
        database,
        user,
        invalid: first.filter(({ oid }) => again?.has(oid)),
        hiddenBuilds: hidden?.builds ?? 0,
      };
    },
  });
}

/** DROP INDEX CONCURRENTLY shows no progress, but holds the index itself. */
function look(sql: Sql): PromiseLike<InvalidIndex[]> {
  return sql<InvalidIndex[]>`
    select x.indexrelid as oid, n.nspname as schema, c.relname as name, tn.nspname as "tableSchema", t.relname as table,
           c.relkind = 'I' as partitioned, c.relispartition as attached
    from pg_index x
    join pg_class c on c.oid = x.indexrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_class t on t.oid = x.indrelid join pg_namespace tn on tn.oid = t.relnamespace
    where not (x.indisvalid and x.indisready and x.indislive) and c.relpersistence <> 't'
      and not exists (
        select from pg_stat_progress_create_index p
        where p.datid = (select oid from pg_database where datname = current_database())
          and (p.index_relid = x.indexrelid
               or p.relid = x.indrelid and p.command like 'REINDEX%' and c.relname ~ '_cc(new|old)\\d*$'))
      and not exists (
        select from pg_locks l
        where l.relation = x.indexrelid and l.granted
          and l.mode in ('ShareUpdateExclusiveLock', 'AccessExclusiveLock')
          and l.database = (select oid from pg_database where datname = current_database()))
    order by n.nspname, c.relname`;
}
