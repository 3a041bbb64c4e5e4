/** When the caches of answers need somebody. Shares 0–1; each is judged over its own window of samples. */
export const answerThresholds = {
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
};

export type AnswerThresholds = typeof answerThresholds;
