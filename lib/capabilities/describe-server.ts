import type { CapabilityFacts } from "./list-capabilities.ts";
import type { Capability, CapabilityState } from "./types.ts";

const minimumVersionNum = 140_000;
const ioVersionNum = 160_000;

/** What the server itself offers: version, grants, extensions, settings, the audit schema. */
export function describeServer({ status, server, features }: CapabilityFacts): Capability[] {
  const unasked = `Not asked: ${status.reason ?? "the target cannot be reached"}`;
  const user = server ? quoteIdentifier(server.user) : "the_watching_role";
  const statements = server?.extensions.pg_stat_statements;
  const buffercache = server?.extensions.pg_buffercache;
  const ask = <T>(value: T | null | undefined, yes: (value: T) => boolean): CapabilityState =>
    value === null || value === undefined ? "unknown" : yes(value) ? "present" : "missing";

  return [
    {
      id: "server_version",
      area: "server",
      title: "PostgreSQL 14 or newer",
      purpose: "Everything: older servers lack the views the console reads.",
      needs: "PostgreSQL 14 to 18",
      state:
        status.cause === "unsupported" ? "missing" : ask(server, (s) => s.versionNum >= minimumVersionNum),
      evidence: server ? `PostgreSQL ${server.version}` : (status.reason ?? unasked),
      enable: "Upgrade the server to a supported major version.",
      required: true,
    },
    {
      id: "pg_monitor",
      area: "server",
      title: "Role pg_monitor",
      purpose: "Queries and waits of other users' sessions, statement texts, replication details, WAL size.",
      needs: "Membership of the watching role in pg_monitor",
      state: ask(server, (s) => s.hasMonitor),
      evidence: !server
        ? unasked
        : server.hasMonitor
          ? `${server.user} ${server.isSuperuser ? "is a superuser (pg_monitor would be enough)" : "is a member"}`
          : `${server.user} is not a member${features?.readAllStats ? " (but of pg_read_all_stats)" : ""}`,
      enable: `GRANT pg_monitor TO ${user};`,
      required: false,
    },
    {
      id: "pg_stat_statements_installed",
      area: "statistics",
      title: "Extension pg_stat_statements installed",
      purpose: "Queries: top statements by time, calls, rows, IO; statement history and plans.",
      needs: "CREATE EXTENSION in the watched database, once",
      state: ask(server, () => statements !== undefined),
      evidence: !server
        ? unasked
        : statements
          ? `version ${statements.version} in schema ${statements.schema}`
          : features?.statementsAvailable === false
            ? "The server's packages do not offer it (contrib is not installed)"
            : `Not installed in database ${server.database}`,
      enable: "CREATE EXTENSION pg_stat_statements;",
      required: false,
    },
    {
      id: "pg_stat_statements_preloaded",
      area: "statistics",
      title: "pg_stat_statements preloaded",
      purpose: "The extension counts only when the server loads it at its start.",
      needs: "shared_preload_libraries contains pg_stat_statements; a restart",
      ...preloaded(features, unasked),
      enable: preloadSetting(features?.preloadLibraries ?? null),
      required: false,
    },
    {
      id: "pg_stat_statements_readable",
      area: "statistics",
      title: "pg_stat_statements readable",
      purpose: "Other users' statements and their texts, not only our own.",
      needs: "pg_read_all_stats (part of pg_monitor)",
      state: !features
        ? "unknown"
        : statements === undefined || features.statementsProblem !== null
          ? "missing"
          : ask(features.readAllStats, Boolean),
      evidence: !features
        ? unasked
        : statements === undefined
          ? "The extension is not installed"
          : features.statementsProblem !== null
            ? features.statementsProblem
            : features.readAllStats
              ? "It answers, with every user's statements"
              : "It answers, but only our own statements carry a text",
      enable: !features?.statementsLoaded
        ? preloadSetting(features?.preloadLibraries ?? null)
        : statements === undefined
          ? "CREATE EXTENSION pg_stat_statements;"
          : `GRANT pg_read_all_stats TO ${user};`,
      required: false,
    },
    {
      id: "track_io_timing",
      area: "statistics",
      title: "IO timing",
      purpose: "Read and write latency on Overview, Caches and Queries.",
      needs: "track_io_timing = on",
      state: ask(features, (f) => f.trackIoTiming),
      evidence: features ? `track_io_timing = ${features.trackIoTiming ? "on" : "off"}` : unasked,
      enable: "ALTER SYSTEM SET track_io_timing = on; SELECT pg_reload_conf();",
      required: false,
    },
    {
      id: "track_activities",
      area: "statistics",
      title: "Activity and counters tracked",
      purpose: "Sessions' states and waits; rows, scans and vacuums of tables.",
      needs: "track_activities = on and track_counts = on",
      state: ask(features, (f) => f.trackActivities && f.trackCounts),
      evidence: features
        ? `track_activities = ${onOff(features.trackActivities)}, track_counts = ${onOff(features.trackCounts)}, texts up to ${features.activityQuerySizeBytes} bytes`
        : unasked,
      enable:
        "ALTER SYSTEM SET track_activities = on; ALTER SYSTEM SET track_counts = on; SELECT pg_reload_conf();",
      required: false,
    },
    {
      id: "pg_stat_io",
      area: "statistics",
      title: "View pg_stat_io",
      purpose: "Caches: reads, writes, hits and evictions by kind of backend.",
      needs: "PostgreSQL 16",
      state: ask(server, (s) => s.versionNum >= ioVersionNum),
      evidence: server
        ? `PostgreSQL ${server.version} ${server.versionNum >= ioVersionNum ? "has it" : "does not have it"}`
        : unasked,
      enable: "Upgrade the server to PostgreSQL 16 or newer.",
      required: false,
    },
    {
      id: "pg_buffercache",
      area: "statistics",
      title: "Extension pg_buffercache",
      purpose: "Caches: what shared_buffers holds at this moment.",
      needs: "CREATE EXTENSION in the watched database, and pg_monitor",
      state: !server || !features ? "unknown" : features.bufferCacheReadable ? "present" : "missing",
      evidence: !server
        ? unasked
        : !buffercache
          ? features?.bufferCacheAvailable === false
            ? "The server's packages do not offer it (contrib is not installed)"
            : `Not installed in database ${server.database}`
          : features?.bufferCacheReadable
            ? `version ${buffercache.version}, readable`
            : `version ${buffercache.version}, but ${server.user} may not execute it`,
      enable: buffercache ? `GRANT pg_monitor TO ${user};` : "CREATE EXTENSION pg_buffercache;",
      required: false,
    },
    {
      id: "audit_schema",
      area: "audit",
      title: "Audit schema",
      purpose: "Events per day by policy, and every verb on events, partitions, seals and privacy.",
      needs: "The tables audit_log and audit_quarantine of `audit-db migrate`",
      state: ask(server, (s) => s.hasAuditSchema),
      evidence: server
        ? server.hasAuditSchema
          ? `audit_log and audit_quarantine stand in database ${server.database}`
          : `Database ${server.database} has no audit_log of ours; its own tables are watched all the same`
        : unasked,
      enable: "audit-db migrate --url OWNER_URL        # shows the SQL first",
      required: false,
    },
    {
      id: "audit_log_readable",
      area: "audit",
      title: "audit_log readable",
      purpose: "Events: events per day from the real rows.",
      needs: "SELECT on audit_log for the watching role",
      state: !server
        ? "unknown"
        : !server.hasAuditSchema
          ? "missing"
          : ask(features?.auditLogReadable, Boolean),
      evidence: !server
        ? unasked
        : !server.hasAuditSchema
          ? "There is no audit_log of ours"
          : features?.auditLogReadable
            ? `${server.user} may select from audit_log`
            : `${server.user} may not select from audit_log`,
      enable: server?.hasAuditSchema ? `GRANT audit_reader TO ${user};` : "audit-db migrate --url OWNER_URL",
      required: false,
    },
  ];
}

function preloaded(
  features: CapabilityFacts["features"],
  unasked: string,
): Pick<Capability, "state" | "evidence"> {
  if (!features) return { state: "unknown", evidence: unasked };
  const { statementsLoaded, preloadLibraries } = features;
  const setting = preloadLibraries === null ? "" : ` (shared_preload_libraries = '${preloadLibraries}')`;
  return statementsLoaded
    ? { state: "present", evidence: `The server has loaded it${setting}` }
    : { state: "missing", evidence: `The server has not loaded it${setting}` };
}

/** Each library is a literal of its own: one literal with a comma would name one library. */
function preloadSetting(current: string | null): string {
  if (current === null)
    return "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements';  -- with what SHOW shared_preload_libraries lists already; then restart the server";
  const others = splitList(current).filter((library) => library !== "pg_stat_statements");
  const libraries = [...others, "pg_stat_statements"].map((l) => `'${l.replaceAll("'", "''")}'`);
  return `ALTER SYSTEM SET shared_preload_libraries = ${libraries.join(", ")};  -- then restart the server`;
}

function splitList(list: string): string[] {
  return list
    .split(",")
    .map((item) => item.trim().replace(/^"|"$/g, ""))
    .filter(Boolean);
}

function onOff(value: boolean): string {
  return value ? "on" : "off";
}

function quoteIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
