/** When a figure of this topic needs somebody. Shares 0–1; each is judged over its own window of samples. */
export const cacheThresholds = {
  /** Blocks found in shared_buffers; only when at least `minBlocks` were asked for. */
  hitShare: { windowSeconds: 900, minBlocks: 50_000, warning: 0.98, critical: 0.9 },
  /** Transactions rolled back; only when at least `minTransactions` ended. */
  rollbackShare: { windowSeconds: 900, minTransactions: 200, warning: 0.02, critical: 0.1 },
  /** More than this many in the window. */
  tempFiles: { windowSeconds: 300, warning: 10 },
  /**
   * Points (0–1) lost against the past week; only when at least `minReads` were asked, and `leastTraffic` of what is
   * usual.
   */
  queryCacheDrop: {
    windowSeconds: 900,
    baselineSeconds: 7 * 86_400,
    minBaselineSeconds: 3_600,
    minReads: 500,
    leastTraffic: 0.5,
    warning: 0.15,
    critical: 0.3,
  },
  /** Away for at least so long: one slow answer is no outage. */
  redisAway: { seconds: 30 },
  redisMemory: { full: 0.9 },
  redisRejects: { windowSeconds: 300, perMinuteAbove: 5 },
  deadlocks: { windowSeconds: 300, warningAbove: 0, criticalPerMinute: 5 },
};

export type CacheThresholds = typeof cacheThresholds;
