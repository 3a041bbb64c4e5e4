import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { statementFeatures } from "./statement-columns.ts";

/** One entry of pg_stat_statements with all its counters. */
export interface StatementEntry {
  databaseId: string;
  userId: string;
  queryId: string;
  toplevel: boolean;
  user: string | null;
  database: string | null;
  calls: number;
  totalExecMs: number;
  /** stats_since, from extension 1.11. */
  countsSince: Date | null;
  counters: Record<string, number | boolean | string | null>;
}

/**
 * Every entry of one queryid, with whatever columns the installed extension has, the costliest first; empty
 * where the extension cannot be read. Source: pg_stat_statements(false).
 */
export async function getStatementEntries(
  audit: AuditDb,
  queryId: string,
): Promise<Observed<StatementEntry[]>> {
  return audit.read<StatementEntry[]>({
    name: "queries.entries",
    key: [queryId],
    ttlMs: 5_000,
    source: "pg_stat_statements",
    run: async (sql, server) => {
      const features = statementFeatures(server);
      const schema = server.extensions.pg_stat_statements?.schema;
      if (!features?.readable || !schema) return [];
      const toplevel = features.toplevel ? sql`s.toplevel` : sql`true`;
      const since = features.statsSince ? sql`s.stats_since` : sql`null::timestamptz`;
      return sql<StatementEntry[]>`
        select s.dbid::text as "databaseId", s.userid::text as "userId", s.queryid::text as "queryId",
               ${toplevel} as "toplevel", r.rolname as "user", d.datname as "database",
               s.calls::float8 as "calls", s.total_exec_time as "totalExecMs", ${since} as "countsSince",
               to_jsonb(s) - array['userid', 'dbid', 'queryid', 'query', 'toplevel'] as "counters"
        from ${sql(schema)}.pg_stat_statements(false) s
        left join pg_roles r on r.oid = s.userid
        left join pg_database d on d.oid = s.dbid
        where s.queryid = ${queryId}::int8
        order by s.total_exec_time desc
        limit 200`;
    },
  });
}
