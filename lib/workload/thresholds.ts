/** When what the database does needs somebody. Shares 0–1; each is judged over its own window of samples. */
export const workloadThresholds = {
  /** Transactions rolled back; only when at least `minTransactions` ended. */
  rollbackShare: { windowSeconds: 900, minTransactions: 200, warning: 0.02, critical: 0.1 },
  /** Files in the window. */
  tempFiles: { windowSeconds: 300, warning: 11, critical: null },
  /** Deadlocks in the window: any, and more than five a minute. */
  deadlocks: { windowSeconds: 300, warning: 1, critical: 26 },
};
