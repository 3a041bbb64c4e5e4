/** When reads past shared_buffers need somebody. Shares 0–1, judged over a window of samples. */
export const bufferThresholds = {
  /** Blocks found in shared_buffers, where reads are not timed; only when at least `minBlocks` were asked for. */
  hitShare: { windowSeconds: 900, minBlocks: 50_000, warning: 0.9, critical: null },
  /** Of the time of statements; only when they ran at least `minActiveShare` of one session's time. */
  readCost: { windowSeconds: 900, minActiveShare: 0.01, warning: 0.3, critical: 0.6 },
};
