import { expect, test } from "vitest";
import type { CapabilityFacts } from "../capability-facts.ts";
import { listCapabilities } from "./list-capabilities.ts";

const down: CapabilityFacts = {
  status: { target: "t", state: "down", since: new Date(0), reason: "it refuses", cause: "refused" },
  nodes: [],
  server: null,
  features: null,
  purposes: { write: true, maintenance: false, privacy: false },
  explain: null,
  configured: { poolerUrl: false, redis: null, vaultProblem: null },
};

test("every topic's capabilities are listed, in one order", () => {
  expect(listCapabilities(down).map(({ area, id }) => `${area}: ${id}`)).toEqual([
    "server: server_version",
    "server: pg_monitor",
    "statistics: pg_stat_statements_installed",
    "statistics: pg_stat_statements_preloaded",
    "statistics: pg_stat_statements_readable",
    "statistics: track_io_timing",
    "statistics: track_activities",
    "statistics: pg_stat_io",
    "statistics: pg_buffercache",
    "audit: audit_schema",
    "audit: audit_log_readable",
    "connections: direct_connection",
    "connections: tls",
    "connections: writer_url",
    "connections: maintenance_url",
    "connections: privacy_url",
    "connections: explain_url",
    "connections: pooler_url",
    "connections: replica_urls",
    "console: personal_data",
    "console: redis",
  ]);
});

test("what is present needs nothing to enable it, and only the server itself is required", () => {
  const listed = listCapabilities(down);
  const of = (id: string) => listed.find((capability) => capability.id === id);
  expect(of("writer_url")).toMatchObject({
    state: "present",
    evidence: "AUDIT_WRITER_URL is set",
    enable: null,
  });
  expect(of("privacy_url")).toMatchObject({
    state: "missing",
    evidence: "AUDIT_PRIVACY_URL is not set",
    enable:
      "CREATE ROLE console_audit_privacy LOGIN PASSWORD '…' IN ROLE audit_privacy;  -- then set AUDIT_PRIVACY_URL",
  });
  expect(of("pg_monitor")).toMatchObject({
    state: "unknown",
    evidence: "Not asked: it refuses",
    enable: "GRANT pg_monitor TO the_watching_role;",
  });
  expect(listed.filter(({ required }) => required).map(({ id }) => id)).toEqual([
    "server_version",
    "direct_connection",
  ]);
});
