import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { sessionColumns, withoutSecrets } from "./server-sessions.ts";
import type { ServerSession } from "./types.ts";
import { ownSession, readVisibleSessions } from "./visible-sessions.ts";

/** Sessions that opened a transaction and now do nothing, idle longest first, from pg_stat_activity. */
export function getIdleInTransaction(
  audit: AuditDb,
  options: { hideOwn: boolean; limit: number },
): Promise<Observed<ServerSession[]>> {
  return readVisibleSessions<ServerSession>(audit, {
    name: "connections.idle-in-transaction",
    key: [options.hideOwn, options.limit],
    run: async (sql) => {
      const sessions = await sql<ServerSession[]>`
        select ${sessionColumns(sql, audit)}
        from pg_stat_activity
        where state in ('idle in transaction', 'idle in transaction (aborted)')
          and not (${ownSession(sql, audit)} and ${options.hideOwn})
        order by state_change, pid
        limit ${options.limit}`;
      return withoutSecrets(sessions);
    },
  });
}
