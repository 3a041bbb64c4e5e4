import type { Sql } from "postgres";
import type { AuditDb, ServerFacts } from "../audit-db/types.ts";
import type { Observed, Unavailable } from "../result.ts";
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

interface Settings {
  preloaded: boolean;
  libraries: string | null;
  available: boolean;
  max: number | null;
  track: string | null;
  trackUtility: boolean | null;
  computeQueryId: string;
  trackIoTiming: boolean;
  seesAll: boolean;
  database: string;
  role: string;
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
  const [settings] = await sql<Settings[]>`
    select exists (select from pg_settings where name = 'pg_stat_statements.max') as "preloaded",
           (select setting from pg_settings where name = 'shared_preload_libraries') as "libraries",
           exists (select from pg_available_extensions where name = 'pg_stat_statements') as "available",
           current_setting('pg_stat_statements.max', true)::int as "max",
           current_setting('pg_stat_statements.track', true) as "track",
           current_setting('pg_stat_statements.track_utility', true)::bool as "trackUtility",
           current_setting('compute_query_id') as "computeQueryId",
           current_setting('track_io_timing')::bool as "trackIoTiming",
           pg_has_role('pg_read_all_stats', 'usage') as "seesAll",
           quote_ident(current_database()) as "database", quote_ident(current_user) as "role"`;
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
  return { status, unavailable: explain(settings, features !== null, features?.readable ?? false) };
}

function explain(settings: Settings, installed: boolean, readable: boolean): Unavailable | null {
  const create = `CREATE EXTENSION pg_stat_statements; -- in the database ${settings.database}`;
  if (!settings.preloaded) {
    return {
      code: installed ? "not_configured" : "not_installed",
      reason: settings.available
        ? "pg_stat_statements is not among the server's preloaded libraries; loading it takes a restart."
        : "The server lacks the pg_stat_statements extension: install PostgreSQL's contrib package, then preload it, which takes a restart.",
      enable: [
        `ALTER SYSTEM SET shared_preload_libraries = ${preload(settings.libraries)};`,
        "-- restart the server, then:",
        ...(installed ? [] : [create]),
      ].join("\n"),
    };
  }
  if (!installed) {
    return {
      code: "not_installed",
      reason: "pg_stat_statements is loaded, but the extension is not created in this database.",
      enable: create,
    };
  }
  if (!readable) {
    return {
      code: "unsupported",
      reason: "The extension is older than 1.8; it was not updated when the server was.",
      enable: "ALTER EXTENSION pg_stat_statements UPDATE;",
    };
  }
  if (settings.track === "none" || settings.computeQueryId === "off") {
    const setting =
      settings.track === "none"
        ? "ALTER SYSTEM SET pg_stat_statements.track = 'top';"
        : "ALTER SYSTEM SET compute_query_id = 'auto';";
    return {
      code: "not_configured",
      reason: "pg_stat_statements is installed, but told to record nothing.",
      enable: `${setting}\nSELECT pg_reload_conf();`,
    };
  }
  if (!settings.seesAll) {
    return {
      code: "no_grant",
      reason: `The role ${settings.role} sees only its own statements; the others read "<insufficient privilege>".`,
      enable: `GRANT pg_read_all_stats TO ${settings.role};`,
    };
  }
  return null;
}

/** The list with ours added, each library a literal of its own: one literal with commas would name one library. */
function preload(libraries: string | null): string {
  if (libraries === null)
    return "'pg_stat_statements' /* and what is there already: SHOW shared_preload_libraries */";
  const others = libraries
    .split(",")
    .map((library) => library.trim().replaceAll('"', ""))
    .filter((library) => library !== "" && library !== "pg_stat_statements");
  return [...others, "pg_stat_statements"].map((library) => `'${library.replaceAll("'", "''")}'`).join(", ");
}
