import type { ObjectLabel, TargetEvent } from "../collector/types.ts";
import type { ReadContext } from "../read.ts";
import type { Observed } from "../result.ts";
import { getTopology } from "./get-topology.ts";
import { nameOfLabel, standbySampler } from "./standby-name.ts";
import type { ReplicationServer } from "./types.ts";

const recallMs = 7 * 86_400_000;
const outOfUse = new Set(["drained", "down", "stale", "foreign"]);
const outKinds = new Set(["replica_drained", "split_brain", "foreign_node"]);

/**
 * The topology with what only the collector remembers: the name of a standby that cannot be asked what it is called,
 * and since when a server is out of use, which a process that began later does not know.
 */
export async function recallTopology({
  audit,
  history,
  now,
}: Pick<ReadContext, "audit" | "history" | "now">): Promise<Observed<ReplicationServer[]>> {
  const observed = await getTopology(audit);
  const nameless = observed.data.filter(({ role, key, name }) => role === "standby" && name === key);
  const out = observed.data.some(({ node }) => node && outOfUse.has(node.state));
  const range = { from: new Date(now.getTime() - recallMs), to: now };
  const [labels, events] = await Promise.all([
    nameless.length > 0
      ? history.labels(
          audit.target,
          standbySampler,
          nameless.map(({ key }) => key),
        )
      : ({} as Record<string, ObjectLabel>),
    out ? history.events(audit.target, range) : [],
  ]);
  const data = observed.data.map((server) => {
    const name = nameless.includes(server) ? (nameOfLabel(labels[server.key]) ?? server.name) : server.name;
    const { node } = server;
    return { ...server, name, node: node && { ...node, since: sinceOf(node, events) } };
  });
  return { ...observed, data };
}

/** What is said here lasts as long as nothing newer was recorded of that server. */
export function sinceOf(
  node: Pick<NonNullable<ReplicationServer["node"]>, "name" | "state" | "since">,
  newestFirst: readonly TargetEvent[],
): Date {
  if (!outOfUse.has(node.state)) return node.since;
  const last = newestFirst.find(
    ({ kind, detail }) => detail.node === node.name && (outKinds.has(kind) || kind === "replica_back"),
  );
  return last && outKinds.has(last.kind) && last.at < node.since ? last.at : node.since;
}
