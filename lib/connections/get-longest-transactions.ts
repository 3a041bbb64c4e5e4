import type { AuditDb } from "../audit-db/types.ts";
import type { Observed, Unavailable } from "../result.ts";
import { sessionColumns, withoutSecrets } from "./server-sessions.ts";
import type { ServerSession } from "./types.ts";
import { explainHiddenSessions, ownSession } from "./visible-sessions.ts";

/**
 * Sessions with an open transaction or a held snapshot, the oldest transaction first, from
 * pg_stat_activity. Parallel workers are left out: their leader stands for them.
 */
export async function getLongestTransactions(
  audit: AuditDb,
  options: { hideOwn: boolean; limit: number },
): Promise<Observed<ServerSession[]>> {
  const observed = await audit.read<{ hidden: Unavailable | null; sessions: ServerSession[] }>({
    name: "connections.transactions",
    key: [options.hideOwn, options.limit],
    source: "pg_stat_activity",
    run: async (sql, server) => {
      const hidden = await explainHiddenSessions(sql, server);
      if (hidden) return { hidden, sessions: [] };
      const sessions = await sql<ServerSession[]>`
        select ${sessionColumns(sql, audit)}
        from pg_stat_activity
        where (xact_start is not null or backend_xmin is not null)
          and backend_type <> 'parallel worker'
          and pid <> pg_backend_pid()
          and not (${ownSession(sql, audit)} and ${options.hideOwn})
        order by xact_start nulls last, pid
        limit ${options.limit}`;
      return { hidden, sessions: withoutSecrets(sessions) };
    },
  });
  const { hidden, sessions } = observed.data;
  return { ...observed, data: sessions, ...(hidden && { unavailable: hidden }) };
}
