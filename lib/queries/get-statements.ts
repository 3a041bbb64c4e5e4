import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import {
  type StatementMetric,
  statementColumns,
  statementFeatures,
  statementMetrics,
} from "./statement-columns.ts";
import { formatStatementKey } from "./statement-key.ts";

/** Cumulative counters of one entry. */
export interface StatementCounters {
  key: string;
  queryId: string;
  countsSince: Date | null;
  values: Record<StatementMetric, number>;
}

export interface Statements {
  entries: StatementCounters[];
  /** Entries whose queryid our role may not see, added up. */
  hidden: Record<StatementMetric, number>;
  dealloc: number | null;
  max: number | null;
  /** pg_stat_statements_info.stats_reset; null before extension 1.9. */
  countsSince: Date | null;
}

type Raw = [number, number, string | null, boolean, number | null, ...(number | string)[]];
interface Answer {
  rows: Raw[];
  dealloc: number | null;
  max: number | null;
  countsSince: Date | null;
}

/**
 * Counters of every entry, without texts; null where pg_stat_statements cannot be read at all. All entries rather
 * than the top ones, so that the growth of each and the sum of the rest are exact: 10 ms of PostgreSQL CPU at
 * 5,000 entries against 6 for the top 300 and 3 more for the sums. Both samplers share one answer.
 * Source: pg_stat_statements(false).
 */
export async function getStatements(audit: AuditDb): Promise<Observed<Statements | null>> {
  const { data, ...observed } = await audit.read<Answer | null>({
    name: "queries.statements",
    ttlMs: 10_000,
    source: "pg_stat_statements",
    run: async (sql, server) => {
      const features = statementFeatures(server);
      const schema = server.extensions.pg_stat_statements?.schema;
      const [setting] = await sql<{ max: number | null }[]>`
        select current_setting('pg_stat_statements.max', true)::int as "max"`;
      // Not preloaded, the function only raises an error.
      if (!features?.readable || !schema || !setting?.max) return null;
      const rows = await sql`
        select ${sql.unsafe(statementColumns(features))} from ${sql(schema)}.pg_stat_statements(false) s`.values();
      const [info] = features.info
        ? await sql<{ dealloc: number; countsSince: Date }[]>`
            select dealloc::float8 as "dealloc", stats_reset as "countsSince"
            from ${sql(schema)}.pg_stat_statements_info`
        : [];
      return {
        rows: [...rows] as unknown as Raw[],
        dealloc: info?.dealloc ?? null,
        max: setting.max,
        countsSince: info?.countsSince ?? null,
      };
    },
  });
  return { ...observed, data: data && toStatements(data), countsSince: data?.countsSince ?? null };
}

function toStatements({ rows, ...info }: Answer): Statements {
  const hidden = noCounters();
  const entries: StatementCounters[] = [];
  for (const [databaseId, userId, queryId, toplevel, since, ...figures] of rows) {
    const values = queryId === null ? hidden : noCounters();
    statementMetrics.forEach(({ name }, i) => {
      values[name] += Number(figures[i] ?? 0);
    });
    if (queryId === null) continue;
    entries.push({
      key: formatStatementKey({ databaseId: `${databaseId}`, userId: `${userId}`, queryId, toplevel }),
      queryId,
      countsSince: since === null ? null : new Date(since * 1_000),
      values,
    });
  }
  return { entries, hidden, ...info };
}

function noCounters(): Record<StatementMetric, number> {
  return Object.fromEntries(statementMetrics.map(({ name }) => [name, 0])) as Record<StatementMetric, number>;
}
