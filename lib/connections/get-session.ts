import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { readSessions, type SessionRow, sessionColumns } from "./server-sessions.ts";
import type { ServerSession } from "./types.ts";

/** One session of the server by pid and start (to the millisecond), or null once it ended. From pg_stat_activity. */
export async function getSession(
  audit: AuditDb,
  { pid, backendStart }: { pid: number; backendStart: Date },
): Promise<Observed<ServerSession | null>> {
  const observed = await readSessions(audit, {
    name: "connections.session",
    key: [pid, backendStart.toISOString()],
    run: (sql) => sql<SessionRow[]>`
      select ${sessionColumns(sql, audit)}
      from pg_stat_activity
      where pid = ${pid} and date_trunc('milliseconds', backend_start) = ${backendStart}`,
  });
  return { ...observed, data: observed.data[0] ?? null };
}
