import type { Sql } from "postgres";
import { parseQualified } from "../quote-sql.ts";
import { conflictsOf } from "./lock-modes.ts";
import type { Blocker, StepLock } from "./types.ts";

/**
 * Sessions that hold what one of these locks conflicts with, the longest transaction first.
 * Source: pg_locks, pg_stat_activity; with a role of pg_monitor, or others' names and times are null.
 * @param except a session of one's own, besides this one
 */
export async function findBlockers(
  sql: Sql,
  locks: readonly Pick<StepLock, "relation" | "mode">[],
  except: number | null = null,
): Promise<Blocker[]> {
  const wanted = locks.flatMap(({ relation, mode }) => {
    const { schema = null, name = null } = parseQualified(relation) ?? {};
    return conflictsOf(mode).map((conflict) => ({ relation, schema, name, conflict }));
  });
  if (wanted.length === 0) return [];
  return sql<Blocker[]>`
    with wanted as (
      -- Not to_regclass(): it is refused where the watching role may not use the schema.
      select distinct c.oid, relation, conflict
      from json_to_recordset(${JSON.stringify(wanted)}::text::json) as w(relation text, schema text, name text, conflict text)
      join pg_namespace n on n.nspname = w.schema join pg_class c on c.relnamespace = n.oid and c.relname = w.name
    )
    select distinct on (since, pid, relation) l.pid, date_trunc('milliseconds', a.backend_start) as start, a.usename as "user",
           nullif(a.application_name, '') as application, a.state, a.xact_start as since, wanted.relation, l.mode
    from pg_locks l join wanted on wanted.oid = l.relation and wanted.conflict = l.mode
    join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'relation' and l.granted and l.pid <> pg_backend_pid() and l.pid is distinct from ${except}::int
      and l.database = (select oid from pg_database where datname = current_database())
    order by since nulls last, l.pid, wanted.relation, l.mode desc
    limit 100`;
}

/** Sessions of this database whose transaction holds a snapshot, the oldest first. Source: pg_stat_activity. */
export async function findSnapshots(
  sql: Sql,
  relation: string,
  except: number | null = null,
): Promise<Blocker[]> {
  return sql<Blocker[]>`
    select pid, date_trunc('milliseconds', backend_start) as start, usename as "user",
           nullif(application_name, '') as application, state, xact_start as since,
           ${relation}::text as relation, 'snapshot' as mode
    from pg_stat_activity
    where backend_xmin is not null and pid <> pg_backend_pid() and pid is distinct from ${except}::int
      and datname = current_database() and backend_type = 'client backend'
    order by xact_start nulls last
    limit 100`;
}

/** "session 4711 of etl (psql), in its transaction since 2026-11-27T15:00:00.000Z, holds AccessShareLock on public.t" */
export function blockerWords({ pid, user, application, since, relation, mode }: Blocker): string {
  const who = `session ${pid}${user === null ? "" : ` of ${user}`}${application === null ? "" : ` (${application})`}`;
  const when = since === null ? "" : `, in its transaction since ${new Date(since).toISOString()},`;
  return mode === "snapshot"
    ? `${who}${when} still sees how ${relation} was`
    : `${who}${when} holds ${mode} on ${relation}`;
}
