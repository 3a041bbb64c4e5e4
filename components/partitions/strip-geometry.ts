import type { LaneSpan } from "@/lib/partition-facts/types.ts";
import type { PartitionCell, PartitionLane } from "@/lib/partitions/types.ts";
import { nameRelation } from "@/lib/quote-sql.ts";
import { qualify } from "./partition-inputs.ts";
import { momentsOf, orderAlong, type StripGhost } from "./strip-ghosts.ts";

/** One drawn cell: a partition, or neighbours that are too narrow to draw one by one. Pixels of the plot. */
export interface PlacedCell {
  key: string;
  x: number;
  width: number;
  cells: PartitionCell[];
  /** Begins after now: prepared for events to come. */
  planned: boolean;
}

/** A stretch of a lane worth a mark: a gap or an overlap. Pixels of the plot. */
export interface PlacedSpan {
  key: string;
  x: number;
  width: number;
  words: string;
  span: LaneSpan;
}

/** A partition that is not there yet. Pixels of the plot. */
export interface PlacedGhost {
  x: number;
  width: number;
  ghost: StripGhost;
}

export interface PlacedLane {
  cells: PlacedCell[];
  ghosts: PlacedGhost[];
  /** Beside the time axis: the default partition, and those whose bounds nobody knows just now. */
  aside: PlacedCell[];
  gaps: PlacedSpan[];
  overlaps: PlacedSpan[];
}

export interface Domain {
  fromMs: number;
  toMs: number;
}

/** Cells are drawn one by one from this width in pixels on. */
export const minCellPixels = 4;
/** Ordinal cells (lists, hashes, plain integers) are not drawn wider than this. */
const maxOrdinalPixels = 64;
const minSpanPixels = 3;

export function hasClock(lane: Pick<PartitionLane, "axis">): boolean {
  return lane.axis !== "integer" && lane.axis !== "values";
}

/**
 * From the oldest bound to the newest one or now, with a little room; null when no lane has a clock.
 * @param ghosts partitions to come, for which there is room as well
 */
export function timeDomain(
  lanes: readonly PartitionLane[],
  nowMs: number,
  ghosts: readonly StripGhost[] = [],
): Domain | null {
  const moments = lanes
    .filter(hasClock)
    .flatMap((lane) => lane.cells.flatMap((cell) => [cell.from, cell.to]))
    .flatMap((bound) => (bound === null ? [] : [Date.parse(bound)]));
  if (moments.length === 0) return null;
  for (const lane of lanes.filter(hasClock))
    for (const { ends } of toCome(lane, ghosts)) {
      const place = momentsOf(ends, lane.axis);
      if (place) moments.push(place.fromMs, place.toMs);
    }
  const fromMs = moments.reduce((a, b) => Math.min(a, b), nowMs);
  const toMs = moments.reduce((a, b) => Math.max(a, b), nowMs);
  const room = Math.max(1, (toMs - fromMs) * 0.015);
  return { fromMs: fromMs - room, toMs: toMs + room };
}

export function scaleOf({ fromMs, toMs }: Domain, width: number): (t: number) => number {
  return (t) => ((t - fromMs) / (toMs - fromMs)) * width;
}

/** Those of a lane that it does not have yet: once made, one is drawn as one to come until the lane is read again. */
function toCome(lane: PartitionLane, ghosts: readonly StripGhost[]): readonly StripGhost[] {
  if (ghosts.length === 0) return ghosts;
  const there = new Set(lane.cells.map(qualify));
  return ghosts.filter((ghost) => ghost.lane === qualify(lane) && !there.has(ghost.name));
}

/** Where everything of a lane stands on a plot of `width` pixels; what lies outside the domain is left out. */
export function placeLane(
  lane: PartitionLane,
  domain: Domain,
  width: number,
  nowMs: number,
  ghosts: readonly StripGhost[] = [],
): PlacedLane {
  const aside = lane.cells
    .filter((cell) => cell.isDefault || (lane.strategy === "range" && cell.bounds === null))
    .map((cell) => ({ key: String(cell.oid), x: 0, width: 0, cells: [cell], planned: false }));
  const beside = new Set(aside.flatMap(({ cells }) => cells));
  const along = lane.cells.filter((cell) => !beside.has(cell));
  const coming = toCome(lane, ghosts);
  return hasClock(lane)
    ? {
        aside,
        ...placeTimed(lane, along, domain, width, nowMs),
        ghosts: placeMoments(lane, coming, domain, width),
      }
    : { aside, ...placeOrdinal(lane, along, coming, width) };
}

function placeMoments(
  { axis }: PartitionLane,
  ghosts: readonly StripGhost[],
  domain: Domain,
  width: number,
): PlacedGhost[] {
  const scale = scaleOf(domain, width);
  const clip = (x: number) => Math.min(width, Math.max(0, x));
  return ghosts.flatMap((ghost) => {
    const place = momentsOf(ghost.ends, axis);
    if (!place) return [];
    const [x, end] = [clip(scale(place.fromMs)), clip(scale(place.toMs))];
    return end > x ? [{ x, width: end - x, ghost }] : [];
  });
}

function placeTimed(
  lane: PartitionLane,
  along: readonly PartitionCell[],
  domain: Domain,
  width: number,
  nowMs: number,
) {
  const scale = scaleOf(domain, width);
  const clip = (x: number) => Math.min(width, Math.max(0, x));
  const at = (bound: string | null, open: number) => (bound === null ? open : scale(Date.parse(bound)));
  const placed = along.map((cell) => {
    const x = clip(at(cell.from, 0));
    const planned = cell.from !== null && Date.parse(cell.from) > nowMs;
    return { key: String(cell.oid), x, width: clip(at(cell.to, width)) - x, cells: [cell], planned };
  });
  const span = (each: LaneSpan, words: string): PlacedSpan[] => {
    const { from, to, id, between } = each;
    const [x, end] = [clip(at(from, 0)), clip(at(to, width))];
    // Of several columns, a stretch may lie within one moment.
    if (end < x || (end === x && from !== to)) return [];
    const wide = Math.max(minSpanPixels, end - x);
    const key = `${words} ${between.join(" ")} ${id}`;
    return [{ key, x: x - (wide - (end - x)) / 2, width: wide, words, span: each }];
  };
  return {
    cells: mergeNarrow(placed.filter((cell) => cell.width > 0)),
    gaps: lane.gaps.flatMap((gap) => span(gap, "gap")),
    overlaps: lane.overlaps.flatMap((overlap) => span(overlap, "overlap")),
  };
}

function placeOrdinal(
  lane: PartitionLane,
  along: readonly PartitionCell[],
  coming: readonly StripGhost[],
  width: number,
) {
  const order = orderAlong(along, coming);
  const step = Math.min(maxOrdinalPixels, width / Math.max(1, order.length));
  const placed: PlacedCell[] = [];
  const ghosts: PlacedGhost[] = [];
  const place = new Map<string, number>();
  for (const [index, each] of order.entries()) {
    const box = { x: index * step, width: step };
    if ("ends" in each) ghosts.push({ ...box, ghost: each });
    else {
      placed.push({ key: String(each.oid), ...box, cells: [each], planned: false });
      place.set(nameRelation(each), index);
    }
  }
  const span = (each: LaneSpan, words: string): PlacedSpan[] => {
    const { between, id } = each;
    const before = place.get(between[0]);
    if (before === undefined) return [];
    return [
      { key: `${words} ${between.join(" ")} ${id}`, x: (before + 1) * step - 2, width: 4, words, span: each },
    ];
  };
  return {
    ghosts,
    cells: mergeNarrow(placed),
    gaps: lane.gaps.flatMap((gap) => span(gap, "gap")),
    overlaps: lane.overlaps.flatMap((overlap) => span(overlap, "overlap")),
  };
}

/** Neighbours narrower than `minCellPixels` become one cell; never across a gap of a pixel, nor across now. */
export function mergeNarrow(cells: readonly PlacedCell[]): PlacedCell[] {
  const merged: PlacedCell[] = [];
  for (const cell of cells) {
    const last = merged.at(-1);
    const joins =
      last !== undefined &&
      last.width < minCellPixels &&
      cell.width < minCellPixels &&
      last.planned === cell.planned &&
      cell.x - (last.x + last.width) < 1;
    if (!last || !joins) {
      merged.push({ ...cell, cells: [...cell.cells] });
      continue;
    }
    last.width = Math.max(last.width, cell.x + cell.width - last.x);
    last.cells.push(...cell.cells);
  }
  return merged;
}

/** What stands nearest to `x`, for moving between lanes by keyboard. */
export function nearestCell(cells: readonly { x: number; width: number }[], x: number): number {
  const distance = (cell: { x: number; width: number }) => Math.abs(cell.x + cell.width / 2 - x);
  return cells.reduce((best, cell, index) => {
    const other = cells[best];
    return other && distance(other) <= distance(cell) ? best : index;
  }, 0);
}
