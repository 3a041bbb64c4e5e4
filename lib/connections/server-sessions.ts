import type { Sql } from "postgres";
import type { KeyPart } from "../audit-db/cache/cache-key.ts";
import { foreignBytes, readForeignText, tellUnreadable } from "../audit-db/foreign-text.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { CheckObject } from "../check.ts";
import { inTurns } from "../in-turns.ts";
import { redactQuery } from "../redact/redact-query.ts";
import type { MissingPart, Observed } from "../result.ts";
import type { ServerSession } from "./types.ts";
import { ownSession, readVisibleSessions } from "./visible-sessions.ts";

/** A session as the server tells it: its text may be any bytes. */
export type SessionRow = Omit<ServerSession, "query" | "queryIntact"> & { query: Buffer | null };

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
    case when query <> '<insufficient privilege>' then ${foreignBytes(sql, "query")} end as "query",
    ${ownSession(sql, audit)} as own`;
}

/** Rows of `sessionColumns` as they may be shown. */
export async function withoutSecrets(rows: readonly SessionRow[]): Promise<ServerSession[]> {
  const shown: ServerSession[] = [];
  for await (const row of inTurns(rows)) {
    const { text, intact } = row.query ? readForeignText(row.query) : { text: null, intact: true };
    shown.push({ ...row, query: text === null ? null : redactQuery(text), queryIntact: intact });
  }
  return shown;
}

/** Sessions as `readVisibleSessions` gives them, their texts readable and without secrets. */
export async function readSessions(
  audit: AuditDb,
  statement: { name: string; key: readonly KeyPart[]; run(sql: Sql): Promise<SessionRow[]> },
): Promise<Observed<ServerSession[]>> {
  const observed = await readVisibleSessions<ServerSession>(audit, {
    ...statement,
    run: async (sql) => withoutSecrets(await statement.run(sql)),
  });
  return { ...observed, ...tellUnreadableOf(observed.data) };
}

/** What is not readable among sessions, as an answer carries it. */
export function tellUnreadableOf(sessions: readonly ServerSession[]): { missing?: MissingPart[] } {
  return tellUnreadable(sessions.map(({ queryIntact, database }) => ({ intact: queryIntact, database })));
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
