import type { Sql } from "postgres";
import type { ServerFacts } from "../audit-db/target-facts.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { ServerFeatures } from "../capability-facts.ts";
import type { Observed } from "../result.ts";

/**
 * What the connected server offers to our role, from pg_settings, pg_available_extensions and
 * privilege functions. Kept for a minute: these change when a person changes them.
 * @throws AppError UNAVAILABLE when the target cannot be reached.
 */
export function getServerFeatures(audit: AuditDb): Promise<Observed<ServerFeatures>> {
  return audit.read({
    name: "capabilities.features",
    ttlMs: 60_000,
    source: "pg_settings, pg_available_extensions, pg_roles",
    run: readServerFeatures,
  });
}

async function readServerFeatures(sql: Sql, server: ServerFacts): Promise<ServerFeatures> {
  const [before] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const [row] = await sql<Omit<ServerFeatures, "statementsProblem" | "sameBackend" | "auditLogReadable">[]>`
    select
      (select setting from pg_settings where name = 'shared_preload_libraries') as "preloadLibraries",
      exists (select from pg_settings where name = 'pg_stat_statements.max') as "statementsLoaded",
      current_setting('track_io_timing') = 'on' as "trackIoTiming",
      current_setting('track_activities') = 'on' as "trackActivities",
      current_setting('track_counts') = 'on' as "trackCounts",
      current_setting('track_functions') as "trackFunctions",
      pg_size_bytes(current_setting('track_activity_query_size'))::float8 as "activityQuerySizeBytes",
      pg_has_role('pg_read_all_stats', 'USAGE') as "readAllStats",
      pg_has_role('pg_read_all_settings', 'USAGE') as "readAllSettings",
      exists (select from pg_available_extensions where name = 'pg_stat_statements') as "statementsAvailable",
      (select default_version from pg_available_extensions where name = 'pg_stat_statements')
        as "statementsDefaultVersion",
      exists (select from pg_available_extensions where name = 'pg_buffercache') as "bufferCacheAvailable",
      coalesce((select has_function_privilege(p.oid, 'EXECUTE') from pg_proc p
        join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
        join pg_extension e on d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid
        where e.extname = 'pg_buffercache' and p.proname = 'pg_buffercache_pages' limit 1), false)
        as "bufferCacheReadable",
      (select ssl from pg_stat_ssl where pid = pg_backend_pid()) as tls`;
  const [audit] = server.hasAuditSchema
    ? await sql<{ readable: boolean }[]>`
        select has_column_privilege(to_regclass('public.audit_log'), 'occurred_at', 'SELECT')
          and has_column_privilege(to_regclass('public.audit_log'), 'retention_policy', 'SELECT') as readable`
    : [undefined];
  const statementsProblem = await probeStatements(sql, server);
  const [after] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  if (!row) throw new Error("pg_settings answered no row");
  return {
    ...row,
    auditLogReadable: audit?.readable ?? null,
    statementsProblem,
    sameBackend: before?.pid === after?.pid,
  };
}

/** Whether pg_stat_statements answers: installed but not preloaded is seen only by asking it. */
async function probeStatements(sql: Sql, server: ServerFacts): Promise<string | null> {
  const extension = server.extensions.pg_stat_statements;
  if (!extension) return "not installed";
  const schema = sql(extension.schema);
  const [info] = await sql<{ exists: boolean }[]>`
    select to_regclass(format('%I.pg_stat_statements_info', ${extension.schema}::text)) is not null as exists`;
  try {
    // The info view is one row; asking the entries themselves would copy all of them.
    if (info?.exists) await sql`select dealloc from ${schema}.pg_stat_statements_info`;
    else await sql`select 1 from ${schema}.pg_stat_statements(false) limit 1`;
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
