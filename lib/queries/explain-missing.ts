import { quoteIdentifier } from "../quote-sql.ts";
import type { Unavailable } from "../result.ts";
import { addToPreloadLibraries } from "./preload-libraries.ts";

/** Settings and grants that statement statistics rest on. */
export interface StatementSettings {
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

/** What keeps statements from being read here, and the SQL that ends it; null when nothing does. */
export function explainMissing(
  settings: StatementSettings,
  installed: boolean,
  readable: boolean,
): Unavailable | null {
  const create = `CREATE EXTENSION pg_stat_statements; -- in the database ${quoteIdentifier(settings.database)}`;
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
      enable: `GRANT pg_read_all_stats TO ${quoteIdentifier(settings.role)};`,
    };
  }
  return null;
}

function preload(libraries: string | null): string {
  return libraries === null
    ? "'pg_stat_statements' /* and what is there already: SHOW shared_preload_libraries */"
    : addToPreloadLibraries(libraries);
}
