import type { Sql } from "postgres";
import type { ServerFacts } from "../audit-db/target-facts.ts";
import type { AuditDb, ReadStatement } from "../audit-db/types.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import type { Observed, Unavailable } from "../result.ts";

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

/** Rows about every session, or none and the grant that helps where our role sees only its own. */
export async function readVisibleSessions<T>(
  audit: AuditDb,
  statement: Pick<ReadStatement<T[]>, "name" | "key" | "run">,
): Promise<Observed<T[]>> {
  const observed = await audit.read<{ hidden: Unavailable | null; rows: T[] }>({
    ...statement,
    source: "pg_stat_activity",
    run: async (sql, server) => {
      const hidden = await explainHiddenSessions(sql, server);
      return { hidden, rows: hidden ? [] : await statement.run(sql, server) };
    },
  });
  const { hidden, rows } = observed.data;
  return { ...observed, data: rows, ...(hidden && { unavailable: hidden }) };
}

/**
 * A condition on pg_stat_activity: the session is the console's own, in whichever of its roles. Both must match, or
 * any session could hide itself by its application_name.
 */
export function ownSession(sql: Sql, { roles }: Pick<AuditDb, "roles">) {
  const others = roles.length > 0 ? sql`or usename::text in ${sql([...roles])}` : sql``;
  return sql`coalesce(
    application_name = current_setting('application_name') and (usename = current_user ${others}), false)`;
}
