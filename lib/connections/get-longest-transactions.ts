import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { sessionColumns, withoutSecrets } from "./server-sessions.ts";
import type { ServerSession } from "./types.ts";
import { ownSession, readVisibleSessions } from "./visible-sessions.ts";

/**
 * Sessions with an open transaction or a held snapshot, the oldest transaction first, from
 * pg_stat_activity. Parallel workers are left out: their leader stands for them.
 */
export function getLongestTransactions(
  audit: AuditDb,
  options: { hideOwn: boolean; limit: number },
): Promise<Observed<ServerSession[]>> {
  return readVisibleSessions<ServerSession>(audit, {
    name: "connections.transactions",
    key: [options.hideOwn, options.limit],
    run: async (sql) => {
      const sessions = await sql<ServerSession[]>`
        select ${sessionColumns(sql, audit)}
        from pg_stat_activity
        where (xact_start is not null or backend_xmin is not null)
          and backend_type <> 'parallel worker'
          and pid <> pg_backend_pid()
          and not (${ownSession(sql, audit)} and ${options.hideOwn})
        order by xact_start nulls last, pid
        limit ${options.limit}`;
      return withoutSecrets(sessions);
    },
  });
}
