/** When the caches of answers need somebody. Shares 0–1; each is judged over its own window of samples. */
export const answerThresholds = {
  /**
   * Points (0–1) lost against the past week; only when at least `minReads` were asked, and `leastTraffic` of what is
   * usual.
   */
  drop: {
    windowSeconds: 900,
    baselineSeconds: 7 * 86_400,
    minBaselineSeconds: 3_600,
    minReads: 500,
    leastTraffic: 0.5,
    warning: 0.15,
    critical: 0.3,
  },
  /** Seconds away: one slow answer is no outage. */
  redisAway: { warning: 30, critical: null },
  /** Used ÷ maxmemory. A Redis that makes room by itself is only a notice. */
  redisMemory: { warning: 0.9, critical: null },
  /** Requests refused a minute. */
  redisRejects: { windowSeconds: 300, warning: 5, critical: null },
};
