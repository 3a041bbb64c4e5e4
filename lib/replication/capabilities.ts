import type { NodeStatus } from "../audit-db/replicas/types.ts";
import type { CapabilityCheck, CapabilityStanding } from "../capability.ts";
import { counted } from "../words.ts";

/** What reads beside the primary and fail-over rest on. */
export const replicationCapabilities: CapabilityCheck[] = [
  {
    id: "replica_urls",
    area: "connections",
    title: "Read replicas",
    purpose:
      "Events and exports are read from the nearest server that is fresh enough, and after a fail-over writes follow the new primary.",
    needs: "The URLs of the replicas, each with a login with the role pg_monitor there",
    examine: ({ nodes }) => examineReplicas(nodes),
  },
];

/** Whether the target has other servers to read from and to fail over to, and how they are just now. */
export function examineReplicas(nodes: readonly NodeStatus[]): CapabilityStanding {
  return {
    state: nodes.length > 1 ? "present" : "missing",
    evidence: nodes.length > 1 ? describe(nodes) : "One server is configured; AUDIT_REPLICA_URLS is not set",
    enable: "AUDIT_REPLICA_URLS=postgres://watcher@replica-1/audit,postgres://watcher@replica-2/audit",
  };
}

function describe(nodes: readonly NodeStatus[]): string {
  const fit = nodes.filter(({ role, state }) => role === "replica" && state === "up").length;
  const others = nodes
    .filter(({ role, state }) => state !== "up" && !(role === "primary" && state === "connecting"))
    .map(({ name, state, reason }) => `${name} is ${state}${reason ? ` (${reason})` : ""}`);
  return [
    `${counted(nodes.length, "server")}, ${counted(fit, "replica")} fit to answer reads`,
    ...others,
  ].join("; ");
}
