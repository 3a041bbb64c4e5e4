import type { Sql } from "postgres";
import type { ServerFacts } from "../audit-db/target-facts.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Observed, Unavailable } from "../result.ts";
import { explainMissing, type StatementSettings } from "./explain-missing.ts";
import { statementFeatures } from "./statement-columns.ts";

/** How pg_stat_statements stands on the connected server. */
export interface StatementStatus {
  installed: boolean;
  preloaded: boolean;
  version: string | null;
  /** Entries kept at most (pg_stat_statements.max). */
  max: number | null;
  entries: number | null;
  /** Times the least-executed entries were thrown out to make room, since `countsSince`. */
  dealloc: number | null;
  countsSince: Date | null;
  /** none, top or all */
  track: string | null;
  trackUtility: boolean | null;
  /** Whether block read and write times are measured. */
  trackIoTiming: boolean;
  /** Whether our role sees everybody's statements. */
  seesAll: boolean;
}

/**
 * Whether statements are recorded here, and if not what would record them: `unavailable.enable` holds exactly
 * the SQL for what is missing. Source: pg_settings, pg_extension, pg_stat_statements_info.
 */
export async function getStatementStatus(audit: AuditDb): Promise<Observed<StatementStatus>> {
  const { data, ...observed } = await audit.read({
    name: "queries.status",
    ttlMs: 10_000,
    source: "pg_settings, pg_stat_statements_info",
    run: readStatus,
  });
  return {
    ...observed,
    data: data.status,
    countsSince: data.status.countsSince,
    ...(data.unavailable && { unavailable: data.unavailable }),
  };
}

async function readStatus(
  sql: Sql,
  server: ServerFacts,
): Promise<{ status: StatementStatus; unavailable: Unavailable | null }> {
  const [settings] = await sql<StatementSettings[]>`
    select exists (select from pg_settings where name = 'pg_stat_statements.max') as "preloaded",
           (select setting from pg_settings where name = 'shared_preload_libraries') as "libraries",
           exists (select from pg_available_extensions where name = 'pg_stat_statements') as "available",
           current_setting('pg_stat_statements.max', true)::int as "max",
           current_setting('pg_stat_statements.track', true) as "track",
           current_setting('pg_stat_statements.track_utility', true)::bool as "trackUtility",
           current_setting('compute_query_id') as "computeQueryId",
           current_setting('track_io_timing')::bool as "trackIoTiming",
           pg_has_role('pg_read_all_stats', 'usage') as "seesAll",
           current_database() as "database", current_user as "role"`;
  if (!settings) throw new Error("pg_settings gave no row");
  const features = statementFeatures(server);
  const status: StatementStatus = {
    installed: features !== null,
    preloaded: settings.preloaded,
    version: server.extensions.pg_stat_statements?.version ?? null,
    max: settings.max,
    entries: null,
    dealloc: null,
    countsSince: null,
    track: settings.track,
    trackUtility: settings.trackUtility,
    trackIoTiming: settings.trackIoTiming,
    seesAll: settings.seesAll,
  };
  const schema = server.extensions.pg_stat_statements?.schema;
  if (features?.info && schema && settings.preloaded) {
    const [info] = await sql<{ dealloc: number; countsSince: Date; entries: number }[]>`
      select dealloc::float8 as "dealloc", stats_reset as "countsSince",
             (select count(*)::int from ${sql(schema)}.pg_stat_statements(false)) as "entries"
      from ${sql(schema)}.pg_stat_statements_info`;
    Object.assign(status, info);
  }
  return { status, unavailable: explainMissing(settings, features !== null, features?.readable ?? false) };
}
