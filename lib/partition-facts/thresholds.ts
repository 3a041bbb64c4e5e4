/** When a lane needs its next partitions: both are short. Our own defaults. */
export const runwayThresholds = {
  /** Days left; fewer is worse. */
  days: { warning: 45, critical: 14 },
  /** Partition widths left; fewer is worse. */
  widths: { warning: 3, critical: 1 },
};
