/** When a lane needs its next partitions. Our own defaults. */
export const runwayThresholds = {
  /** Partition widths left; fewer is worse. */
  intervals: { warning: 3, critical: 1 },
};
