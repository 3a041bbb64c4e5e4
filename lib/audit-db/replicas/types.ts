/** Where a read may be answered; `nearest` is the node, primary or replica, that answers fastest. */
export type Route = "primary" | "replica" | "nearest";

/** Where a read was answered. */
export interface ReadPlace {
  /** `host:port` */
  node: string;
  /** Set while the primary is gone: how old what this node has is at least. */
  stale?: { since: Date; reason: string };
}

export interface RouteOptions {
  /** Default `primary`. Where no fit replica is left, the primary answers. */
  route?: Route;
  /**
   * A replica must be known to have replayed everything the primary had this many milliseconds ago. While the primary
   * is gone, one that has replayed all it was sent answers whatever its age, and the answer says it (`ReadPlace.stale`).
   */
  maxStalenessMs?: number;
  /** Read your writes: an LSN as `currentLsn()` gave it, which a replica must have replayed. */
  afterLsn?: string;
  /** This very node (`host:port`), whatever its state; the caller wants its own figures. */
  node?: string;
}

export type NodeRole = "primary" | "replica" | "unknown";

/**
 * `drained`: answers, but lags or failed lately, so no read is sent there. `stale`: read-write, but another node
 * is the primary: never written to. `foreign`: another cluster's server.
 */
export type NodeState = "connecting" | "up" | "drained" | "down" | "stale" | "foreign";

/** One server of a target. */
export interface NodeStatus {
  /** `host:port` */
  name: string;
  role: NodeRole;
  state: NodeState;
  /** When this state began. */
  since: Date;
  /** In words a person can act on; null while up. */
  reason: string | null;
  /** WAL not replayed yet, against the primary's newest known position; null when unknown or for a primary. */
  lagBytes: number | null;
  /** Age of the newest moment whose writes are known to be replayed; null when unknown or for a primary. */
  lagSeconds: number | null;
  /** Round trip of the health probe, smoothed. */
  latencyMs: number | null;
  timeline: number | null;
  /** Written (primary) or replayed (replica) up to here. */
  lsn: string | null;
  /** null: the target has one node, and its state alone refuses reads. */
  breaker: "closed" | "open" | "half_open" | null;
  /** Reads of this process that it answered since the engine was opened, and their part of all. */
  reads: number;
  readShare: number;
  probedAt: Date | null;
}

/** Something that happened between the nodes of a target. */
export interface NodeEvent {
  at: Date;
  kind: "role_flip" | "split_brain" | "replica_drained" | "replica_back" | "foreign_node";
  severity: "info" | "warning" | "critical";
  /** `host:port` */
  node: string;
  title: string;
  detail: Record<string, unknown>;
}
