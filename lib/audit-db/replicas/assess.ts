import type { Verdict } from "./failover.ts";
import type { ReplicaLimits } from "./limits.ts";
import type { NodeRole, NodeState } from "./types.ts";
import type { WatchedNode } from "./watched-node.ts";

/** What a node is in the light of the election. */
export function assess(
  one: Pick<WatchedNode, "node" | "health" | "answers" | "fitness" | "lag" | "role">,
  verdict: Verdict,
  limits: ReplicaLimits,
): { role: NodeRole; state: NodeState; reason: string | null } {
  const { name } = one.node;
  if (!one.health) return { role: one.role, state: one.fitness.known ? "down" : "connecting", reason: null };
  if (verdict.foreign.includes(name))
    return {
      role: "unknown",
      state: "foreign",
      reason: "it belongs to another cluster (its system identifier differs)",
    };
  if (verdict.stale.includes(name)) {
    const rival = verdict.writable
      ? `${verdict.primary} is the primary`
      : "no node is known to be the primary";
    return {
      role: "unknown",
      state: "stale",
      reason: `it is read-write on timeline ${one.health.timeline}, but ${rival} (timeline ${verdict.timeline})`,
    };
  }
  const role: NodeRole = one.health.inRecovery ? "replica" : "primary";
  if (one.fitness.fit || role === "primary") return { role, state: "up", reason: null };
  const lagSeconds = one.lag.seconds ?? 0;
  const reason =
    lagSeconds > limits.drainLagSeconds
      ? `it is ${Math.round(lagSeconds)} s behind the primary`
      : one.answers
        ? "it answers again, and is watched for a moment before it gets reads"
        : "it did not answer its last probe";
  return { role, state: "drained", reason };
}
