import type { NodeStatus } from "../audit-db/replicas/types.ts";
import type { ServerFacts, TargetStatus } from "../audit-db/target-facts.ts";
import { describeConnections } from "./describe-connections.ts";
import { describeServer } from "./describe-server.ts";
import type { Capability, ConfiguredFeatures, ExplainAnswer, ServerFeatures } from "./types.ts";

export interface CapabilityFacts {
  status: TargetStatus;
  /** Every configured server, the primary first. */
  nodes: readonly NodeStatus[];
  configured: ConfiguredFeatures;
  /** Which further purposes have a URL. */
  purposes: Record<"read" | "write" | "maintenance" | "privacy", boolean>;
  /** null without an explain connection. */
  explain: ExplainAnswer | null;
  /** null while the target cannot be reached. */
  server: ServerFacts | null;
  features: ServerFeatures | null;
}

/** Every feature with its state. What could not be asked is `unknown`, with the reason as its evidence. */
export function listCapabilities(facts: CapabilityFacts): Capability[] {
  const described = [...describeServer(facts), ...describeConnections(facts)];
  return described.map((capability) =>
    capability.state === "present" ? { ...capability, enable: null } : capability,
  );
}
