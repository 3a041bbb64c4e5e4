/** When a statement finding becomes a warning or critical. Our own defaults. */
export const queryThresholds = {
  /** Mean execution time over 24 h. */
  meanMs: { warning: 50, critical: 500 },
  /** Fewer calls in 24 h say little about a mean, unless they took a part of the time that is worth it. */
  leastCalls: 50,
  /** Share of all statement time in 24 h, 0–1, of a statement that is slow on average. */
  share: { warning: 0.2, critical: 0.4 },
  /** What few calls must take to count: of all statement time, and of one session's clock (1 % of a day: 14 min). */
  leastShare: 0.05,
  leastShareOfClock: 0.01,
  /** Seconds of samples before few calls count: in the first minute one slow statement is most of all there was. */
  leastSampledSeconds: 900,
  /** Times in 24 h. */
  evictions: { warning: 1, critical: null },
  /** Entries ÷ pg_stat_statements.max, judged once entries were thrown out. */
  fill: { critical: 0.9 },
  /** All statement texts together: of 28 MB four targets read 112 MB a minute. */
  textBytes: { warning: 16 * 1_024 ** 2, critical: null },
};
