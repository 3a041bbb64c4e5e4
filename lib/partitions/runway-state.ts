import { type Limits, stateAt } from "../check.ts";
import { runwayThresholds } from "../partition-facts/thresholds.ts";
import type { PartitionLane } from "./types.ts";

const secondsPerDay = 86_400;

/** Days until the first moment that finds no partition; null where that never comes, is past caring or cannot be told. */
export function daysLeft({ runway }: Pick<PartitionLane, "runway">): number | null {
  if (!runway || runway.unlimited || runway.retired || runway.seconds === null) return null;
  return runway.seconds / secondsPerDay;
}

/**
 * The limits that a lane is held to, in days. Our own ask for no more than a few partitions ahead: a daily table is well
 * with four days. Those that people set are taken as they are.
 */
export function runwayLimits(limits: Limits, { interval }: Pick<PartitionLane, "interval">): Limits {
  const { days, widths } = runwayThresholds;
  const own = limits.warning === days.warning && limits.critical === days.critical;
  if (!own || !interval) return limits;
  const width = interval.seconds / secondsPerDay;
  return {
    warning: Math.min(days.warning, widths.warning * width),
    critical: Math.min(days.critical, widths.critical * width),
  };
}

/** How urgent a lane's next partitions are, by the limits in force. */
export function runwayState(lane: PartitionLane, limits: Limits): "ok" | "warning" | "critical" {
  const days = daysLeft(lane);
  if (days === null) return "ok";
  if (!lane.runway?.coversNow) return "critical";
  return stateAt(days, runwayLimits(limits, lane), "falling");
}
