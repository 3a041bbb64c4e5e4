import type { NodeStatus } from "../audit-db/replicas/types.ts";
import type { ReadContext } from "../read.ts";
import type { Observed } from "../result.ts";
import { probedNodes } from "./probed-nodes.ts";

/** A configured server as the console's processes see it. */
export interface ConsoleNode extends NodeStatus {
  /** Reads that it answered for all processes that report, since each began, and its part of all of them. */
  readsByAll: number;
  shareOfAll: number;
}

/** The target's configured servers: role, state and lag as this process probes them, reads of every process. */
export async function getNodes(
  context: Pick<ReadContext, "audit" | "instances" | "now">,
): Promise<Observed<ConsoleNode[]>> {
  const { audit, now } = context;
  const reports = (await context.instances()).flatMap(({ engines }) => engines[audit.target]?.nodes ?? []);
  const readsOf = (name: string) =>
    reports.filter((node) => node.name === name).reduce((sum, { reads }) => sum + reads, 0);
  const nodes = await probedNodes(audit);
  const all = nodes.reduce((sum, { name }) => sum + readsOf(name), 0);
  return {
    data: nodes.map((node) => {
      const reads = readsOf(node.name);
      return { ...node, readsByAll: reads, shareOfAll: all > 0 ? reads / all : 0 };
    }),
    observedAt: now,
    source: "the console's health probes",
  };
}
