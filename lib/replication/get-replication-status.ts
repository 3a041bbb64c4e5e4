import { readPart, readParts } from "../audit-db/read-parts.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import type { Observed, Unavailable } from "../result.ts";
import { readReceiver } from "./read-receiver.ts";
import { readStandbys } from "./read-standbys.ts";
import type { ReplicationStatus } from "./types.ts";

/**
 * Role of a server and how far those who follow it (or it itself) are behind. Without pg_monitor the standbys are
 * listed and their figures are null, with the grant in `unavailable`.
 * @param node `host:port` of a configured server; the primary when left out
 */
export async function getReplicationStatus(
  audit: AuditDb,
  node?: string,
): Promise<Observed<ReplicationStatus>> {
  const observed = await readParts(audit, {
    // What is asked of one server about itself is no read that a route chose, and is not counted as one.
    name: node ? "engine.replication_status" : "replication.status",
    ...(node && { node }),
    ttlMs: 2_000,
    source: "pg_stat_replication, pg_stat_wal_receiver",
    run: async (sql, server, missing) => {
      const standbys = await readStandbys(sql, missing);
      const receiver = await readPart(missing, "What this server receives", () => readReceiver(sql));
      return { standbys, receiver, user: server.user };
    },
  });
  const { standbys, receiver, user } = observed.data;
  const seen = [...standbys, ...(receiver ? [receiver] : []), ...(node ? [] : probedReplicas(audit))];
  const unavailable: Unavailable = {
    code: "no_grant",
    reason: `${user} may not see how far the standbys are.`,
    enable: `GRANT pg_monitor TO ${quoteIdentifier(user)};`,
  };
  return {
    ...observed,
    data: {
      role: receiver ? "standby" : "primary",
      standbys,
      receiver,
      maxLagBytes: largest(seen.map((each) => each.lagBytes)),
      maxLagSeconds: largest(seen.map((each) => each.lagSeconds)),
    },
    ...(standbys.some(({ state }) => state === null) && { unavailable }),
  };
}

/** A standby whose replay stands still confirms nothing more, so its sender knows no newer lag; the probes do. */
function probedReplicas(audit: AuditDb) {
  return audit.nodes().filter(({ role, state }) => role === "replica" && state !== "down");
}

export function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? Math.max(...known) : null;
}
