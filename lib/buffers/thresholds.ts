/** When shared_buffers need somebody. Shares 0–1, judged over a window of samples. */
export const bufferThresholds = {
  /** Blocks found in shared_buffers; only when at least `minBlocks` were asked for. */
  hitShare: { windowSeconds: 900, minBlocks: 50_000, warning: 0.98, critical: 0.9 },
};
