import { answersCapabilities } from "../answers/capabilities.ts";
import { buffersCapabilities } from "../buffers/capabilities.ts";
import type { Capability, CapabilityCheck } from "../capability.ts";
import type { CapabilityFacts } from "../capability-facts.ts";
import { connectionsCapabilities } from "../connections/capabilities.ts";
import { eventsCapabilities } from "../events/capabilities.ts";
import { partitionsCapabilities } from "../partitions/capabilities.ts";
import { privacyCapabilities } from "../privacy/capabilities.ts";
import { queriesCapabilities } from "../queries/capabilities.ts";
import { replicationCapabilities } from "../replication/capabilities.ts";
import { serverCapabilities } from "./server-capabilities.ts";

/** By area, and within one as a person sets them up: not by the topic that they come from. */
const order = [
  "server_version",
  "pg_monitor",
  "pg_stat_statements_installed",
  "pg_stat_statements_preloaded",
  "pg_stat_statements_readable",
  "track_io_timing",
  "track_activities",
  "pg_stat_io",
  "pg_buffercache",
  "audit_schema",
  "audit_log_readable",
  "direct_connection",
  "tls",
  "writer_url",
  "maintenance_url",
  "privacy_url",
  "explain_url",
  "pooler_url",
  "replica_urls",
  "personal_data",
  "redis",
];

const checks: readonly CapabilityCheck[] = [
  ...serverCapabilities,
  ...connectionsCapabilities,
  ...buffersCapabilities,
  ...answersCapabilities,
  ...queriesCapabilities,
  ...replicationCapabilities,
  ...partitionsCapabilities,
  ...eventsCapabilities,
  ...privacyCapabilities,
].toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id));

/** Every feature with its state. What could not be asked is `unknown`, with the reason as its evidence. */
export function listCapabilities(facts: CapabilityFacts): Capability[] {
  return checks.map(({ examine, required = false, ...described }) => {
    const { state, evidence, enable } = examine(facts);
    return { ...described, state, evidence, enable: state === "present" ? null : enable, required };
  });
}
