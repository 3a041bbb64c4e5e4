import type { TargetEvent } from "../collector/types.ts";
import { type RangeInput, type ReadContext, resolveRange } from "../read.ts";
import type { Observed } from "../result.ts";

const kinds = new Set([
  "role_flip",
  "split_brain",
  "replica_drained",
  "replica_back",
  "foreign_node",
  "restart",
  "outage",
]);

/** What happened between the nodes in a range, newest first, as the collector recorded it. */
export async function getReplicationEvents(
  context: Pick<ReadContext, "audit" | "history" | "now">,
  range: RangeInput,
): Promise<Observed<TargetEvent[]>> {
  const events = await context.history.events(context.audit.target, resolveRange(range, context.now));
  return {
    data: events.filter(({ kind }) => kinds.has(kind)),
    observedAt: context.now,
    source: "the collector's events",
  };
}
