import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { readSessions, type SessionRow, sessionColumns } from "./server-sessions.ts";
import type { ServerSession } from "./types.ts";
import { ownSession } from "./visible-sessions.ts";

/** Sessions that opened a transaction and now do nothing, idle longest first, from pg_stat_activity. */
export function getIdleInTransaction(
  audit: AuditDb,
  options: { hideOwn: boolean; limit: number },
): Promise<Observed<ServerSession[]>> {
  return readSessions(audit, {
    name: "connections.idle-in-transaction",
    key: [options.hideOwn, options.limit],
    run: (sql) => sql<SessionRow[]>`
        select ${sessionColumns(sql, audit)}
        from pg_stat_activity
        where state in ('idle in transaction', 'idle in transaction (aborted)')
          and not (${ownSession(sql, audit)} and ${options.hideOwn})
        order by state_change, pid
        limit ${options.limit}`,
  });
}
