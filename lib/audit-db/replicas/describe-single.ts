import type { ServerFacts, TargetStatus } from "../target-facts.ts";
import type { Node } from "./node.ts";
import type { NodeStatus } from "./types.ts";

export interface SingleNode {
  node: Node;
  status: TargetStatus;
  facts: ServerFacts | undefined;
  latencyMs: number | null;
  probedAt: Date | null;
}

/** The only server of a target as a node: its state is the target's, and no connection is opened to say so. */
export function describeSingle({ node, status, facts, latencyMs, probedAt }: SingleNode): NodeStatus {
  return {
    name: node.name,
    role: facts ? (facts.inRecovery ? "replica" : "primary") : "unknown",
    state: status.state,
    since: status.since,
    reason: status.reason,
    lagBytes: null,
    lagSeconds: null,
    latencyMs,
    timeline: null,
    lsn: null,
    breaker: null,
    reads: node.reads,
    readShare: node.reads > 0 ? 1 : 0,
    probedAt,
  };
}
