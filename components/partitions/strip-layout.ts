import type { PartitionLane } from "@/lib/partitions/types.ts";
import { type Domain, type PlacedLane, placeLane } from "./strip-geometry.ts";
import type { StripGhost } from "./strip-ghosts.ts";
import { orderStops, type StripStop } from "./strip-stops.ts";

/** Where the rows of the strip stand, in pixels of its drawing. */
export interface StripLayout {
  plotLeft: number;
  plotWidth: number;
  /** Where the blocks beside the axis begin. */
  asideLeft: number;
  asideWidth: number;
  height: number;
  lanes: LaidLane[];
}

export interface LaidLane {
  lane: PartitionLane;
  placed: PlacedLane;
  /** Top of the label; beside the bar on a wide drawing, above it on a narrow one. */
  labelTop: number;
  /** Top of the band that carries the runway. */
  bandTop: number;
  barTop: number;
  barHeight: number;
  /** What pointer and keyboard reach, in their order. */
  stops: StripStop[];
}

export const axisHeight = 26;
const bandHeight = 17;
const footHeight = 15;
const labelHeight = 20;
const laneGap = 10;
/** Few lanes are drawn taller, so that the picture fills its place; by number of lanes. */
const barHeights = [120, 52, 38];
const asideRoom = 92;

export function layStrip(
  lanes: readonly PartitionLane[],
  domain: Domain,
  width: number,
  nowMs: number,
  roomHeight: number | null = null,
  ghosts: readonly StripGhost[] = [],
): StripLayout {
  const wide = width >= 760;
  const plotLeft = wide ? 168 : 0;
  const hasAside = lanes.some((lane) =>
    lane.cells.some((cell) => cell.isDefault || (lane.strategy === "range" && cell.bounds === null)),
  );
  const plotWidth = Math.max(40, width - plotLeft - (hasAside ? asideRoom : 0));
  const usual = barHeights[lanes.length - 1] ?? 30;
  const rest = bandHeight + laneGap + (wide ? footHeight : labelHeight + footHeight);
  const room = roomHeight === null ? 0 : (roomHeight - axisHeight) / lanes.length - rest;
  const barHeight = Math.min(120, Math.max(usual, Math.floor(room)));
  const asideWidth = asideRoom - 12;
  let top = axisHeight;
  const laid = lanes.map((lane): LaidLane => {
    const placed = placeLane(lane, domain, plotWidth, nowMs, ghosts);
    const words =
      placed.gaps.length + placed.overlaps.length > 0 || lane.cells.some((cell) => cell.detachPending);
    const labelTop = top;
    if (!wide) top += labelHeight;
    const bandTop = top;
    const barTop = bandTop + bandHeight;
    top = barTop + barHeight + (words ? footHeight : 0) + laneGap;
    return {
      lane,
      placed,
      labelTop: wide ? barTop : labelTop,
      bandTop,
      barTop,
      barHeight,
      stops: orderStops(placed, asideWidth),
    };
  });
  return {
    plotLeft,
    plotWidth,
    asideLeft: plotLeft + plotWidth + 12,
    asideWidth,
    height: top,
    lanes: laid,
  };
}
