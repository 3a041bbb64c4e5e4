/** How closely the nodes of a target with replicas are watched. */
export interface ReplicaLimits {
  probeIntervalMs: number;
  /** A probe without an answer within this is a bad one. */
  probeTimeoutMs: number;
  /** Bad probes in a row that drain a node. */
  drainAfter: number;
  /** Good probes in a row that bring it back. */
  backAfter: number;
  /** A replica further behind than this gets no reads. */
  drainLagSeconds: number;
  /** How long a read waits for a replica to replay the position it asks for. */
  lsnWaitMs: number;
  /** How long a write waits for a primary before it is refused. */
  failoverWaitMs: number;
  /** Requests that may wait so; one more is refused as OVERLOADED. */
  failoverQueueLimit: number;
}

export const defaultReplicaLimits: ReplicaLimits = {
  probeIntervalMs: 1_000,
  probeTimeoutMs: 2_000,
  drainAfter: 2,
  backAfter: 3,
  drainLagSeconds: 10,
  lsnWaitMs: 1_000,
  failoverWaitMs: 5_000,
  failoverQueueLimit: 1_000,
};
