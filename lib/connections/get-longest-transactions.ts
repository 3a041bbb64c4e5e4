import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { readPreparedTransactions } from "./read-prepared.ts";
import { readSessions, type SessionRow, sessionColumns } from "./server-sessions.ts";
import type { ServerSession } from "./types.ts";
import { ownSession } from "./visible-sessions.ts";

/**
 * Open transactions and held snapshots, the oldest transaction first: of sessions, from pg_stat_activity (parallel
 * workers are left out: their leader stands for them), and prepared ones, which have no session, from
 * pg_prepared_xacts. Every role sees the prepared ones.
 */
export async function getLongestTransactions(
  audit: AuditDb,
  options: { hideOwn: boolean; limit: number },
): Promise<Observed<ServerSession[]>> {
  const [sessions, prepared] = await Promise.all([
    readSessions(audit, {
      name: "connections.transactions",
      key: [options.hideOwn, options.limit],
      run: (sql) => sql<SessionRow[]>`
        select ${sessionColumns(sql, audit)}
        from pg_stat_activity
        where (xact_start is not null or backend_xmin is not null)
          and backend_type <> 'parallel worker'
          and pid <> pg_backend_pid()
          and not (${ownSession(sql, audit)} and ${options.hideOwn})
        order by xact_start nulls last, pid
        limit ${options.limit}`,
    }),
    readPreparedTransactions(audit, options.limit),
  ]);
  // Sessions stand in the server's order, which knows microseconds; a date of JavaScript does not.
  const begun = ({ transactionStartedAt }: ServerSession) =>
    transactionStartedAt?.getTime() ?? Number.POSITIVE_INFINITY;
  const all = [...sessions.data, ...prepared].toSorted((a, b) => begun(a) - begun(b) || 0);
  return { ...sessions, source: `${sessions.source}, pg_prepared_xacts`, data: all.slice(0, options.limit) };
}
