import type { Sql } from "postgres";
import { quoteIdentifier } from "../quote-sql.ts";
import type { Unavailable } from "../result.ts";
import type { ServerFacts } from "./target-facts.ts";

/**
 * null when our role sees every session's state and query; otherwise why not and the grant that helps.
 * Rests on membership of pg_read_all_stats, which pg_monitor brings along.
 */
export async function explainHiddenSessions(sql: Sql, server: ServerFacts): Promise<Unavailable | null> {
  if (server.hasMonitor) return null;
  const [row] = await sql<{ seesAll: boolean; role: string }[]>`
    select pg_has_role('pg_read_all_stats', 'usage') as "seesAll", current_user as role`;
  if (!row || row.seesAll) return null;
  return {
    code: "no_grant",
    reason: `The role ${row.role} may see only its own sessions' states, waits and queries.`,
    enable: `GRANT pg_monitor TO ${quoteIdentifier(row.role)};`,
  };
}
