import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import type { CheckObject } from "../check.ts";
import { inTurns } from "../in-turns.ts";
import { redactQuery } from "../redact/redact-query.ts";
import type { ServerSession } from "./types.ts";
import { ownSession } from "./visible-sessions.ts";

/** The columns of pg_stat_activity that make a ServerSession; the text may be cut inside a secret, so it is long. */
export function sessionColumns(sql: Sql, audit: Pick<AuditDb, "roles">) {
  return sql`
    pid,
    backend_start as "backendStart",
    usename::text as "user",
    datname::text as "database",
    nullif(application_name, '') as "application",
    host(client_addr) as "client",
    backend_type as "backendType",
    state,
    xact_start as "transactionStartedAt",
    extract(epoch from clock_timestamp() - xact_start)::float8 as "transactionSeconds",
    query_start as "queryStartedAt",
    extract(epoch from clock_timestamp() - query_start)::float8 as "querySeconds",
    state_change as "stateChangedAt",
    extract(epoch from clock_timestamp() - state_change)::float8 as "stateSeconds",
    wait_event_type as "waitEventType",
    wait_event as "waitEvent",
    age(backend_xmin)::int as "xminAge",
    query_id::text as "queryId",
    datid || '/' || usesysid || '/' || query_id || '/1' as "statementKey",
    case when query <> '<insufficient privilege>' then left(query, 8000) end as "query",
    ${ownSession(sql, audit)} as own`;
}

/** Rows of `sessionColumns` as they may be shown. */
export async function withoutSecrets(rows: readonly ServerSession[]): Promise<ServerSession[]> {
  const shown: ServerSession[] = [];
  for await (const row of inTurns(rows))
    shown.push({ ...row, query: row.query === null ? null : redactQuery(row.query) });
  return shown;
}

/** A session as checks identify it: a pid is given again. The time is not known where the role may not see it. */
export function sessionObject(
  session: Pick<ServerSession, "pid" | "backendStart" | "application" | "user">,
): CheckObject & { kind: "session" } {
  return {
    kind: "session",
    pid: session.pid,
    backendStart: session.backendStart ?? new Date(0),
    name: nameSession(session),
  };
}

/** How a sentence names a session: "pid 4711 (report-worker)". */
export function nameSession(session: Pick<ServerSession, "pid" | "application" | "user">): string {
  const who = session.application ?? session.user;
  return who ? `pid ${session.pid} (${who})` : `pid ${session.pid}`;
}
