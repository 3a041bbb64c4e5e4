import type { AuditDb } from "../audit-db/types.ts";
import type { Observed, Unavailable } from "../result.ts";
import { sessionColumns, withoutSecrets } from "./server-sessions.ts";
import type { ServerSession } from "./types.ts";
import { explainHiddenSessions, ownSession } from "./visible-sessions.ts";

/** Sessions that opened a transaction and now do nothing, idle longest first, from pg_stat_activity. */
export async function getIdleInTransaction(
  audit: AuditDb,
  options: { hideOwn: boolean; limit: number },
): Promise<Observed<ServerSession[]>> {
  const observed = await audit.read<{ hidden: Unavailable | null; sessions: ServerSession[] }>({
    name: "connections.idle-in-transaction",
    key: [options.hideOwn, options.limit],
    source: "pg_stat_activity",
    run: async (sql, server) => {
      const hidden = await explainHiddenSessions(sql, server);
      if (hidden) return { hidden, sessions: [] };
      const sessions = await sql<ServerSession[]>`
        select ${sessionColumns(sql, audit)}
        from pg_stat_activity
        where state in ('idle in transaction', 'idle in transaction (aborted)')
          and not (${ownSession(sql, audit)} and ${options.hideOwn})
        order by state_change, pid
        limit ${options.limit}`;
      return { hidden, sessions: withoutSecrets(sessions) };
    },
  });
  const { hidden, sessions } = observed.data;
  return { ...observed, data: sessions, ...(hidden && { unavailable: hidden }) };
}
