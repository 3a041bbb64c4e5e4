import type { Sql } from "postgres";
import { parseQualified } from "../quote-sql.ts";
import { momentInWords } from "../words.ts";
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

/**
 * Sessions that a session waits for just now, by whatever lock: of a relation, a transaction, a snapshot. None while it works.
 * Source: pg_blocking_pids(), pg_stat_activity.
 */
export async function findAwaited(
  sql: Sql,
  pid: number,
): Promise<Pick<Blocker, "pid" | "user" | "application" | "since">[]> {
  return sql<Pick<Blocker, "pid" | "user" | "application" | "since">[]>`
    select distinct b.pid, a.usename as "user", nullif(a.application_name, '') as application, a.xact_start as since
    from unnest(pg_blocking_pids(${pid})) as b (pid) left join pg_stat_activity a on a.pid = b.pid
    order by a.xact_start nulls last, b.pid`;
}

/** "session 4711 of etl (psql), in its transaction since 27 Nov 2026 15:00 UTC" */
export function sessionWords({
  pid,
  user,
  application,
  since,
}: Pick<Blocker, "pid" | "user" | "application" | "since">): string {
  if (pid === 0) return "a prepared transaction";
  const who = `session ${pid}${user === null ? "" : ` of ${user}`}${application === null ? "" : ` (${application})`}`;
  return since === null
    ? who
    : `${who}, in its transaction since ${momentInWords(new Date(since).toISOString())} UTC`;
}

/** "session 4711 of etl (psql), in its transaction since 27 Nov 2026 15:00 UTC, holds AccessShareLock on public.t" */
export function blockerWords(blocker: Blocker): string {
  const { since, relation, mode } = blocker;
  const who = `${sessionWords(blocker)}${since === null ? "" : ","}`;
  return mode === "snapshot"
    ? `${who} still sees how ${relation} was`
    : `${who} holds ${mode} on ${relation}`;
}
