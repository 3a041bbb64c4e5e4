import type { Sql } from "postgres";
import { AppError } from "../errors.ts";
import type { ServerFacts } from "./target-facts.ts";

const oldestSupported = 140_000;

/**
 * Reads who and what the server is, from pg_settings, pg_roles and pg_extension.
 * @throws AppError UNSUPPORTED when it is older than 14 or a pooler dropped our session settings.
 */
export async function readServerFacts(sql: Sql): Promise<ServerFacts> {
  const [row] = await sql<(Omit<ServerFacts, "extensions"> & { planCacheMode: string })[]>`
    select current_setting('server_version_num')::int as "versionNum",
           current_setting('server_version') as version,
           current_setting('plan_cache_mode') as "planCacheMode",
           current_database() as database,
           current_setting('server_encoding') as encoding,
           current_user as user,
           (select rolsuper from pg_roles where rolname = current_user) as "isSuperuser",
           pg_has_role('pg_monitor', 'usage') as "hasMonitor",
           pg_is_in_recovery() as "inRecovery",
           extract(epoch from pg_postmaster_start_time())::float8 * 1000 as "startedAt",
           current_setting('max_connections')::int as "maxConnections",
           current_setting('block_size')::int as "blockSizeBytes",
           exists (
             select from pg_class log
             join pg_class quarantine on quarantine.relnamespace = log.relnamespace and quarantine.relname = 'audit_quarantine'
             where log.relname = 'audit_log' and log.relkind = 'p'
           ) as "hasAuditSchema"`;
  if (!row) throw new AppError("INTERNAL", "The server answered no row about itself.");
  if (row.versionNum < oldestSupported) {
    throw new AppError(
      "UNSUPPORTED",
      `PostgreSQL ${row.version} is older than 14, the oldest version supported`,
    );
  }
  // The start-up packet asked for this mode; a transaction pooler drops what it does not know.
  if (row.planCacheMode !== "force_custom_plan") throw poolerError();
  const extensions = await sql<{ name: string; version: string; schema: string }[]>`
    select extname as name, extversion as version, nspname as schema
    from pg_extension join pg_namespace on pg_namespace.oid = extnamespace`;
  const { planCacheMode: _, ...facts } = row;
  return {
    ...facts,
    startedAt: new Date(Number(row.startedAt)),
    extensions: Object.fromEntries(extensions.map((e) => [e.name, { version: e.version, schema: e.schema }])),
  };
}

function poolerError(): AppError {
  return new AppError(
    "UNSUPPORTED",
    "a transaction pooler stands in between; watch through a direct connection to the server",
  );
}
