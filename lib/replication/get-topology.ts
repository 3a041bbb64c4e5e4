import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import { askNode } from "./ask-node.ts";
import { getReplicationStatus } from "./get-replication-status.ts";
import { linkServers } from "./link-servers.ts";
import { probedNodes } from "./probed-nodes.ts";
import type { ReplicationServer } from "./types.ts";

/**
 * Every server of the target and every one that follows it, each with the server that feeds it and how far it is
 * behind. While the primary is down the others still answer, so it is drawn as down instead of failing.
 * @throws as `audit.read` for a target of one server
 */
export async function getTopology(audit: AuditDb): Promise<Observed<ReplicationServer[]>> {
  const [primary, ...others] = await probedNodes(audit);
  if (!primary) return { data: [], observedAt: new Date(), source: "no server is configured" };
  const alone = others.length === 0;
  const [own, ...statuses] = await Promise.all([
    getReplicationStatus(audit).catch((thrown) => {
      if (alone) throw thrown;
      return null;
    }),
    ...others.map((node) => askNode(node, () => getReplicationStatus(audit, node.name))),
  ]);
  const told = own && (alone || !own.stale) ? own : null;
  return {
    source: "pg_stat_replication, pg_stat_wal_receiver of each server",
    observedAt: new Date(),
    ...told,
    data: linkServers([
      { node: primary, status: told?.data ?? null },
      ...others.map((node, i) => ({ node, status: statuses[i] ?? null })),
    ]),
  };
}
