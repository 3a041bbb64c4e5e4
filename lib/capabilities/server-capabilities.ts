import { type CapabilityCheck, grantToWatcher, stateOf, whyUnasked } from "../capability.ts";
import type { CapabilityFacts } from "../capability-facts.ts";

const minimumVersionNum = 140_000;

/** What every topic rests on: the server's version, the watching role, its connection, and what the server tracks. */
export const serverCapabilities: CapabilityCheck[] = [
  {
    id: "server_version",
    area: "server",
    title: "PostgreSQL 14 or newer",
    purpose: "Everything: older servers lack the views the console reads.",
    needs: "PostgreSQL 14 to 18",
    required: true,
    examine: (facts) => ({
      state:
        facts.status.cause === "unsupported"
          ? "missing"
          : stateOf(facts.server, (server) => server.versionNum >= minimumVersionNum),
      evidence: facts.server
        ? `PostgreSQL ${facts.server.version}`
        : (facts.status.reason ?? whyUnasked(facts)),
      enable: "Upgrade the server to a supported major version.",
    }),
  },
  {
    id: "pg_monitor",
    area: "server",
    title: "Role pg_monitor",
    purpose: "Queries and waits of other users' sessions, statement texts, replication details, WAL size.",
    needs: "Membership of the watching role in pg_monitor",
    examine: (facts) => ({
      state: stateOf(facts.server, (server) => server.hasMonitor),
      evidence: !facts.server
        ? whyUnasked(facts)
        : facts.server.hasMonitor
          ? `${facts.server.user} ${facts.server.isSuperuser ? "is a superuser (pg_monitor would be enough)" : "is a member"}`
          : `${facts.server.user} is not a member${facts.features?.readAllStats ? " (but of pg_read_all_stats)" : ""}`,
      enable: grantToWatcher("pg_monitor", facts),
    }),
  },
  {
    id: "track_activities",
    area: "statistics",
    title: "Activity and counters tracked",
    purpose: "Sessions' states and waits; rows, scans and vacuums of tables.",
    needs: "track_activities = on and track_counts = on",
    examine: (facts) => ({
      state: stateOf(facts.features, (features) => features.trackActivities && features.trackCounts),
      evidence: facts.features
        ? `track_activities = ${onOff(facts.features.trackActivities)}, track_counts = ${onOff(facts.features.trackCounts)}, texts up to ${facts.features.activityQuerySizeBytes} bytes`
        : whyUnasked(facts),
      enable:
        "ALTER SYSTEM SET track_activities = on; ALTER SYSTEM SET track_counts = on; SELECT pg_reload_conf();",
    }),
  },
  {
    id: "direct_connection",
    area: "connections",
    title: "Direct connection",
    purpose: "Deltas, waits and locks are only right when every statement meets the same server session.",
    needs: "A URL that leads to the server itself, not to a transaction pooler",
    required: true,
    examine: (facts) => ({
      ...examineDirectness(facts),
      enable: "Point AUDIT_DATABASE_URL at PostgreSQL itself (or at a pool in session mode).",
    }),
  },
  {
    id: "tls",
    area: "connections",
    title: "Encrypted connection",
    purpose: "Keeps the watching role's password and statement texts off the wire.",
    needs: "sslmode=require in the URL, and ssl = on at the server",
    examine({ features }) {
      const state = stateOf(features?.tls, Boolean);
      return {
        state,
        evidence:
          state === "unknown"
            ? "Not asked: the target cannot be reached"
            : `pg_stat_ssl says this connection is ${state === "present" ? "" : "not "}encrypted`,
        enable: "Add ?sslmode=require to AUDIT_DATABASE_URL.",
      };
    },
  },
];

function examineDirectness({ status, features }: CapabilityFacts) {
  if (status.cause === "pooler")
    return { state: "missing", evidence: status.reason ?? "A transaction pooler stands in between" } as const;
  if (!features)
    return { state: "unknown", evidence: status.reason ?? "The target cannot be reached" } as const;
  return features.sameBackend
    ? ({ state: "present", evidence: "Statements of one connection meet one server process" } as const)
    : ({
        state: "missing",
        evidence: "Statements of one connection met different server processes",
      } as const);
}

function onOff(value: boolean): string {
  return value ? "on" : "off";
}
