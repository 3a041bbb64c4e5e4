const mebibyte = 1_024 ** 2;

/** When replication needs somebody. Our own defaults; bytes as PostgreSQL counts them, so that a limit reads 100 MB. */
export const replicationThresholds = {
  /** WAL of the primary that a standby has not replayed. */
  lagBytes: { warning: 100 * mebibyte, critical: 1_024 * mebibyte },
  lagSeconds: { warning: 30, critical: 300 },
  /** WAL that a slot keeps from being removed. */
  retainedBytes: { warning: 1_024 * mebibyte, critical: null },
  /** Seconds since a segment was archived, while the newest attempt failed. */
  archivingFailsSeconds: { warning: 0, critical: 900 },
};
