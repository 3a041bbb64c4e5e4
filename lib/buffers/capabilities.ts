import { type CapabilityCheck, grantToWatcher, stateOf, whyUnasked } from "../capability.ts";

const ioVersionNum = 160_000;

/** What the figures on PostgreSQL's buffers and IO rest on. */
export const buffersCapabilities: CapabilityCheck[] = [
  {
    id: "track_io_timing",
    area: "statistics",
    title: "IO timing",
    purpose: "Read and write latency on Overview, Caches and Queries.",
    needs: "track_io_timing = on",
    examine: (facts) => ({
      state: stateOf(facts.features, (features) => features.trackIoTiming),
      evidence: facts.features
        ? `track_io_timing = ${facts.features.trackIoTiming ? "on" : "off"}`
        : whyUnasked(facts),
      enable: "ALTER SYSTEM SET track_io_timing = on; SELECT pg_reload_conf();",
    }),
  },
  {
    id: "pg_stat_io",
    area: "statistics",
    title: "View pg_stat_io",
    purpose: "Caches: reads, writes, hits and evictions by kind of backend.",
    needs: "PostgreSQL 16",
    examine: (facts) => ({
      state: stateOf(facts.server, (server) => server.versionNum >= ioVersionNum),
      evidence: facts.server
        ? `PostgreSQL ${facts.server.version} ${facts.server.versionNum >= ioVersionNum ? "has it" : "does not have it"}`
        : whyUnasked(facts),
      enable: "Upgrade the server to PostgreSQL 16 or newer.",
    }),
  },
  {
    id: "pg_buffercache",
    area: "statistics",
    title: "Extension pg_buffercache",
    purpose: "Caches: what shared_buffers holds at this moment.",
    needs: "CREATE EXTENSION in the watched database, and pg_monitor",
    examine(facts) {
      const { server, features } = facts;
      const installed = server?.extensions.pg_buffercache;
      return {
        state: server ? stateOf(features, ({ bufferCacheReadable }) => bufferCacheReadable) : "unknown",
        evidence: !server
          ? whyUnasked(facts)
          : !installed
            ? features?.bufferCacheAvailable === false
              ? "The server's packages do not offer it (contrib is not installed)"
              : `Not installed in database ${server.database}`
            : features?.bufferCacheReadable
              ? `version ${installed.version}, readable`
              : `version ${installed.version}, but ${server.user} may not execute it`,
        enable: installed ? grantToWatcher("pg_monitor", facts) : "CREATE EXTENSION pg_buffercache;",
      };
    },
  },
];
