import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import type { RelationLock } from "./types.ts";

/**
 * Relations of the connected database that somebody holds or awaits an AccessExclusiveLock on, by oid; a holder
 * goes before those who wait. Names and times need pg_read_all_stats, the pid does not.
 * Source: pg_locks, pg_stat_activity.
 */
export async function getExclusiveLocks(audit: AuditDb): Promise<Observed<Map<number, RelationLock>>> {
  const observed = await audit.read({
    name: "partitions.locks",
    ttlMs: 2_000,
    source: "pg_locks",
    run: (sql) => sql<(RelationLock & { oid: number })[]>`
      select l.relation as "oid", l.pid, a.usename as "user", nullif(a.application_name, '') as "application",
             l.granted, coalesce(l.waitstart, a.xact_start) as "since"
      from pg_locks l left join pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and l.pid is not null
        and l.database = (select oid from pg_database where datname = current_database())
      order by l.relation, l.granted, l.waitstart desc nulls last`,
  });
  return { ...observed, data: new Map(observed.data.map(({ oid, ...lock }) => [oid, lock])) };
}
