import type { Sql } from "postgres";
import { explainHiddenSessions } from "../audit-db/hidden-sessions.ts";
import type { ServerFacts } from "../audit-db/target-facts.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import type { ConnectionGroup, ConnectionLimits, ServerConnections } from "./types.ts";
import { ownSession } from "./visible-sessions.ts";

const maxGroups = 50;

interface Row extends Required<ConnectionGroup> {
  dimension: "all" | "used" | "application" | "user" | "database" | "client" | "backendType";
  active: number;
  idle: number;
  idleInTransaction: number;
  idleInTransactionAborted: number;
  fastpath: number;
  disabled: number;
  starting: number;
  waiting: number;
  waitingForLock: number;
  own: number;
}

/**
 * Who is connected, in which state, and how much room is left, from pg_stat_activity. Each grouping has its
 * 50 largest groups. Where other roles' sessions are hidden from ours, what rests on them is null.
 */
export function getServerConnections(
  audit: AuditDb,
  options: { hideOwn: boolean },
): Promise<Observed<ServerConnections>> {
  return audit.read({
    name: "connections.server",
    key: [options.hideOwn],
    source: "pg_stat_activity",
    run: async (sql, server) => {
      const [hidden, rows, limits] = [
        await explainHiddenSessions(sql, server),
        await readGroups(sql, audit, options.hideOwn),
        await readLimits(sql, server),
      ];
      const all = rows.find((row) => row.dimension === "all");
      const everybody = rows.find((row) => row.dimension === "used");
      const used = everybody?.count ?? 0;
      const group = (dimension: Row["dimension"]) =>
        rows
          .filter((row) => row.dimension === dimension)
          .slice(0, maxGroups)
          .map(({ name, count, active, idle, idleInTransaction }) =>
            hidden
              ? { name, count, active: null, idle: null, idleInTransaction: null }
              : { name, count, active, idle, idleInTransaction },
          );
      return {
        total: all?.count ?? 0,
        own: everybody?.own ?? 0,
        states: hidden ? null : countStates(all),
        waiting: hidden ? null : (all?.waiting ?? 0),
        waitingForLock: hidden ? null : (all?.waitingForLock ?? 0),
        byApplication: group("application"),
        byUser: group("user"),
        byDatabase: group("database"),
        byClient: hidden ? null : group("client"),
        byBackendType: hidden ? null : group("backendType"),
        limits: { ...limits, used, usedShare: used / Math.max(1, limits.usable) },
        hidden,
      };
    },
  });
}

/** Without a grant backend_type is hidden, too; a server process then shows by having no user. */
function readGroups(sql: Sql, audit: Pick<AuditDb, "roles">, hideOwn: boolean): Promise<Row[]> {
  return sql<Row[]>`
    with session as (
      select *,
             coalesce(backend_type = 'client backend', usesysid is not null) as "isClient",
             ${ownSession(sql, audit)} as "isOwn"
      from pg_stat_activity
    )
    select dimension, name,
           count(*)::int as count,
           count(*) filter (where state = 'active')::int as active,
           count(*) filter (where state = 'idle')::int as idle,
           count(*) filter (where state = 'idle in transaction')::int as "idleInTransaction",
           count(*) filter (where state = 'idle in transaction (aborted)')::int as "idleInTransactionAborted",
           count(*) filter (where state = 'fastpath function call')::int as fastpath,
           count(*) filter (where state = 'disabled')::int as disabled,
           count(*) filter (where state = 'starting')::int as starting,
           count(*) filter (where state = 'active' and wait_event_type not in ('Client', 'Activity'))::int as waiting,
           count(*) filter (where wait_event_type = 'Lock')::int as "waitingForLock",
           count(*) filter (where "isOwn")::int as own
    from session, lateral (values
      ('all', null),
      ('used', null),
      ('application', nullif(application_name, '')),
      ('user', usename::text),
      ('database', datname::text),
      ('client', host(client_addr)),
      ('backendType', backend_type)
    ) as grouped(dimension, name)
    where dimension = 'used' and "isClient"
       or dimension <> 'used' and ("isClient" or dimension = 'backendType') and not ("isOwn" and ${hideOwn})
    group by dimension, name
    order by count(*) desc, name`;
}

function countStates(row: Row | undefined) {
  const { active, idle, idleInTransaction, idleInTransactionAborted, fastpath, disabled, starting } =
    row ?? noStates;
  const named = active + idle + idleInTransaction + idleInTransactionAborted + fastpath + disabled + starting;
  return {
    active,
    idle,
    idleInTransaction,
    idleInTransactionAborted,
    fastpath,
    disabled,
    starting,
    unknown: (row?.count ?? 0) - named,
  };
}

const noStates = {
  active: 0,
  idle: 0,
  idleInTransaction: 0,
  idleInTransactionAborted: 0,
  fastpath: 0,
  disabled: 0,
  starting: 0,
};

/** reserved_connections exists from PostgreSQL 16. */
async function readLimits(
  sql: Sql,
  server: ServerFacts,
): Promise<Omit<ConnectionLimits, "used" | "usedShare">> {
  const [row] = await sql<{ superuserReserved: number; reserved: number | null }[]>`
    select current_setting('superuser_reserved_connections')::int as "superuserReserved",
           current_setting('reserved_connections', true)::int as reserved`;
  const superuserReserved = row?.superuserReserved ?? 0;
  const reserved = row?.reserved ?? null;
  return {
    maxConnections: server.maxConnections,
    superuserReserved,
    reserved,
    usable: server.maxConnections - superuserReserved - (reserved ?? 0),
  };
}
