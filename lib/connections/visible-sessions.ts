import type { Sql } from "postgres";
import { explainHiddenSessions } from "../audit-db/hidden-sessions.ts";
import type { AuditDb, ReadStatement } from "../audit-db/types.ts";
import type { Observed, Unavailable } from "../result.ts";

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
