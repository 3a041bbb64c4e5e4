/** When a statement finding becomes a warning or critical. Our own defaults. */
export const queryThresholds = {
  /** Mean execution time over 24 h. */
  meanMs: { warning: 50, critical: 500 },
  /** Fewer calls in 24 h say little about a mean. */
  leastCalls: 50,
  /** Times in 24 h. */
  evictions: { warning: 1, critical: null },
  /** Entries ÷ pg_stat_statements.max, judged once entries were thrown out. */
  fill: { critical: 0.9 },
};
