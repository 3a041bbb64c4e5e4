/** When what the database does needs somebody. Shares 0–1; each is judged over its own window of samples. */
export const workloadThresholds = {
  /** Transactions rolled back; only when at least `minTransactions` ended. */
  rollbackShare: { windowSeconds: 900, minTransactions: 200, warning: 0.02, critical: 0.1 },
  /** More than this many in the window. */
  tempFiles: { windowSeconds: 300, warning: 10 },
  deadlocks: { windowSeconds: 300, warningAbove: 0, criticalPerMinute: 5 },
};
