import type { NodeStatus, ServerFacts, TargetStatus } from "../types.ts";
import { nodeName } from "./node-url.ts";

export interface SingleNode {
  url: string;
  status: TargetStatus;
  facts: ServerFacts | undefined;
  latencyMs: number | null;
  probedAt: Date | null;
  reads: number;
}

/** The only server of a target as a node: its state is the target's, and no connection is opened to say so. */
export function describeSingle(only: SingleNode): NodeStatus {
  const { status, facts, reads } = only;
  return {
    name: nodeName(only.url),
    role: facts ? (facts.inRecovery ? "replica" : "primary") : "unknown",
    state: status.state,
    since: status.since,
    reason: status.reason,
    lagBytes: null,
    lagSeconds: null,
    latencyMs: only.latencyMs,
    timeline: null,
    lsn: null,
    breaker: null,
    reads,
    readShare: reads > 0 ? 1 : 0,
    probedAt: only.probedAt,
  };
}
