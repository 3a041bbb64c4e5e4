import { foreignBytes, readForeignText, tellUnreadable } from "../audit-db/foreign-text.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { inTurns } from "../in-turns.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import { redactQuery } from "../redact/redact-query.ts";
import type { Observed } from "../result.ts";
import { oneLine } from "./statement-text.ts";

export interface RunningQuery {
  pid: number;
  user: string | null;
  database: string | null;
  application: string | null;
  client: string | null;
  /** active, fastpath function call, or idle in transaction (then `text` is the last statement). */
  state: string;
  waitEventType: string | null;
  waitEvent: string | null;
  startedAt: Date | null;
  seconds: number | null;
  /** compute_query_id's id, where it is on. */
  queryId: string | null;
  text: string;
  /** False: the text holds bytes that are no UTF-8, each shown as �. */
  textIntact: boolean;
  own: boolean;
}

type Row = Omit<RunningQuery, "text" | "textIntact"> & { text: Buffer };

export interface RunningQueries {
  queries: RunningQuery[];
  /** Sessions whose state our role may not see. */
  hiddenSessions: number;
  /** The grant that would show them; null when nothing is hidden. */
  enable: string | null;
}

/**
 * What client sessions are executing just now, the longest first, at most 200; this works without
 * pg_stat_statements. Source: pg_stat_activity.
 */
export async function getRunningQueries(
  audit: AuditDb,
  input: { hideOwn: boolean },
): Promise<Observed<RunningQueries>> {
  const { data, ...observed } = await audit.read({
    name: "queries.running",
    ttlMs: 1_500,
    source: "pg_stat_activity",
    run: async (sql) => {
      const rows = await sql<Row[]>`
        select pid, usename as "user", datname as "database", nullif(application_name, '') as "application",
               host(client_addr) as "client", state, wait_event_type as "waitEventType",
               wait_event as "waitEvent", query_start as "startedAt",
               extract(epoch from clock_timestamp() - query_start)::float8 as "seconds",
               query_id::text as "queryId", ${foreignBytes(sql, "query")} as "text",
               usename = session_user and query like '%/* dashboard:%' as "own"
        from pg_stat_activity
        where backend_type = 'client backend' and pid <> pg_backend_pid()
          and state in ('active', 'fastpath function call', 'idle in transaction', 'idle in transaction (aborted)')
          and query <> '<insufficient privilege>'
        order by query_start nulls last
        limit 200`;
      const hidden = await sql<{ sessions: number; role: string }[]>`
        select count(*)::int as "sessions", current_user as "role"
        from pg_stat_activity
        where backend_type is null or query = '<insufficient privilege>'`;
      // Redacted before anything keeps it: answers are shared between processes.
      const shown: RunningQuery[] = [];
      for await (const row of inTurns(rows)) {
        const { text, intact } = readForeignText(row.text);
        shown.push({ ...row, text: oneLine(redactQuery(text, 8_000)), textIntact: intact });
      }
      return { rows: shown, hidden };
    },
  });
  const [hidden] = data.hidden;
  return {
    ...observed,
    ...tellUnreadable(data.rows.map(({ textIntact, database }) => ({ intact: textIntact, database }))),
    data: {
      queries: data.rows.filter((row) => !(input.hideOwn && row.own)),
      hiddenSessions: hidden?.sessions ?? 0,
      enable:
        hidden && hidden.sessions > 0 ? `GRANT pg_read_all_stats TO ${quoteIdentifier(hidden.role)};` : null,
    },
  };
}
