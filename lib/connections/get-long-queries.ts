import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { readSessions, type SessionRow, sessionColumns } from "./server-sessions.ts";
import type { ServerSession } from "./types.ts";
import { ownSession } from "./visible-sessions.ts";

export const maxLongQueries = 50;

/** What runs for so long is listed, before it is too long. */
export const longQueryFromSeconds = 60;

/** Statements that have run for `minSeconds` and more, oldest first; dumps, repacks and our own are expected to. */
export function getLongQueries(
  audit: AuditDb,
  minSeconds = longQueryFromSeconds,
): Promise<Observed<ServerSession[]>> {
  return readSessions(audit, {
    name: "connections.long-queries",
    key: [minSeconds],
    run: (sql) => sql<SessionRow[]>`
        select ${sessionColumns(sql, audit)}
        from pg_stat_activity
        where state = 'active'
          and backend_type = 'client backend'
          and query_start < clock_timestamp() - make_interval(secs => ${minSeconds})
          and application_name not like all (array['pg\\_dump%', 'pg\\_restore%', 'pg\\_repack%', 'pg\\_basebackup%'])
          and not ${ownSession(sql, audit)}
        order by query_start
        limit ${maxLongQueries}`,
  });
}
