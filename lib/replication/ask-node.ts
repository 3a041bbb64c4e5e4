import { setTimeout as delay } from "node:timers/promises";
import type { NodeStatus } from "../audit-db/replicas/types.ts";
import type { Observed } from "../result.ts";

const patienceMs = 1_500;

/** What one server answers of itself; null when it is known not to answer, fails, or takes too long. */
export async function askNode<T>(
  node: Pick<NodeStatus, "state">,
  ask: () => Promise<Observed<T>>,
): Promise<T | null> {
  if (node.state === "down" || node.state === "foreign" || node.state === "connecting") return null;
  const given = new AbortController();
  try {
    const answer = await Promise.race([
      ask(),
      // A server that hangs is found out by its probes; until then nobody waits for it here.
      delay(patienceMs, null, { signal: given.signal }).catch(() => null),
    ]);
    return answer && !answer.stale ? answer.data : null;
  } catch {
    return null;
  } finally {
    given.abort();
  }
}
