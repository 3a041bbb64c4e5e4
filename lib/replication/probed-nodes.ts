import { setTimeout as delay } from "node:timers/promises";
import type { NodeStatus } from "../audit-db/replicas/types.ts";
import type { AuditDb } from "../audit-db/types.ts";

const patienceMs = 1_200;
const pollMs = 40;

/** The target's servers, the primary first. A process that was never asked before waits a moment for its first probes. */
export async function probedNodes(audit: Pick<AuditDb, "nodes">): Promise<NodeStatus[]> {
  const until = Date.now() + patienceMs;
  while (audit.nodes().some(({ state }) => state === "connecting") && Date.now() < until) await delay(pollMs);
  return audit.nodes();
}
