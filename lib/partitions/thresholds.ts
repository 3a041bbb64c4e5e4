/** When a partition finding becomes a warning or critical. Our own defaults. */
export const partitionThresholds = {
  /** Days since the partitioned parent was analyzed (autovacuum skips parents). */
  parentAnalyzedDays: { warning: 7, critical: 30 },
  /** Rows in a default partition. */
  defaultRows: { warning: 1, critical: null },
  /** Rows from which a tree is large enough for stale parent statistics to matter. */
  parentAnalyzedRows: 10_000,
};
