import { compareBounds, isInteger, isTemporal } from "../partition-facts/bound-values.ts";
import { type Branch, branchesOf } from "../partition-facts/branches.ts";
import { findGaps, findOverlaps } from "../partition-facts/find-gaps.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { getRunway } from "../partition-facts/get-runway.ts";
import { inferInterval } from "../partition-facts/infer-interval.ts";
import { toMicros } from "../partition-facts/lane-axis.ts";
import { measureReach, type Range } from "../partition-facts/measure-reach.ts";
import { type Forest, totalsOf } from "../partition-facts/read-forest.ts";
import type { DefaultPartition, LaneAxis, RelationLock } from "../partition-facts/types.ts";
import { nameRelation, quoteQualified } from "../quote-sql.ts";
import { isoRange, readLine } from "./read-line.ts";
import type { PartitionCell, PartitionLane } from "./types.ts";

/**
 * The lanes of one partitioned table: a branch whose partitions are ranges is a lane, down to the innermost level by the
 * same key; list and hash levels above it name the branch; a branch of lists or hashes only is a lane of values.
 * @param defaultRows what is known about each default partition, by oid.
 */
export function buildLanes(
  forest: Forest,
  root: PartitionNode,
  now: Date,
  defaultRows: ReadonlyMap<number, DefaultPartition> = new Map(),
): PartitionLane[] {
  return branchesOf(forest, root, []).map((branch) => buildLane(forest, branch, now, defaultRows));
}

function buildLane(
  forest: Forest,
  found: Branch,
  now: Date,
  defaultRows: ReadonlyMap<number, DefaultPartition>,
): PartitionLane {
  const { branch, path } = found;
  const { axis, reach, runwayUnjudged, gapsUnjudged } = readLine(forest, found);
  const ranges = reach?.ranges ?? new Map<number, Range>();
  const unknownBounds = reach?.hidden ?? 0;
  const judged = reach !== null && unknownBounds === 0 && gapsUnjudged === null;
  const interval = inferInterval(widthsOf(reach?.covered ?? [], axis));
  // A partition that is being detached takes no new rows, yet its stretch is reported as that, not as a gap.
  const serving = reach?.detaching ? measureReach(forest, branch, { withoutDetaching: true }) : reach;
  const keyType = branch.key?.[0]?.type ?? "";
  const fallback = found.cells.find((cell) => cell.isDefault && cell.parent === branch.oid);
  return {
    key: quoteQualified(branch.schema, branch.name),
    label: path.length > 0 ? path.join(" / ") : nameRelation(branch),
    schema: branch.schema,
    name: branch.name,
    oid: branch.oid,
    strategy: branch.strategy ?? "range",
    partitionKey: branch.partitionKey ?? "",
    axis,
    axisNote: axisNote(keyType, axis),
    cells: sortCells(
      found.cells.map((cell) => buildCell(forest, cell, ranges.get(cell.oid), axis)),
      ranges,
    ),
    gaps: judged ? findGaps(reach, axis) : [],
    overlaps: judged ? findOverlaps(reach, axis) : [],
    interval,
    runway:
      judged && serving && runwayUnjudged === null ? getRunway(serving, axis, keyType, interval, now) : null,
    runwayUnjudged,
    gapsUnjudged,
    defaultPartition: (fallback && defaultRows.get(fallback.oid)) ?? null,
    unknownBounds,
  };
}

/** Seconds, the oldest partition first. Paths that are cut alike count once. */
function widthsOf(ranges: readonly Range[], axis: LaneAxis): number[] {
  const widths = new Map<string, { from: bigint; width: number }>();
  for (const range of ranges) {
    const from = range.from[0] ? toMicros(range.from[0], axis) : null;
    const to = range.to[0] ? toMicros(range.to[0], axis) : null;
    if (from === null || to === null || to <= from) continue;
    widths.set(`${from} ${to}`, { from, width: Number(to - from) / 1e6 });
  }
  return [...widths.values()].toSorted((a, b) => (a.from < b.from ? -1 : 1)).map(({ width }) => width);
}

function buildCell(
  forest: Forest,
  node: PartitionNode,
  range: Range | undefined,
  axis: LaneAxis,
): PartitionCell {
  const { name, schema, oid, bounds, isDefault, detachPending } = node;
  return {
    name,
    schema,
    oid,
    bounds: bounds?.replace(/^FOR VALUES /, "") ?? null,
    ...isoRange(range, axis),
    ...totalsOf(forest, node),
    isDefault,
    detachPending,
    lockedBy: lockBelow(forest, node),
  };
}

/** The lock on a partition, or on anything below it. */
function lockBelow(forest: Forest, node: PartitionNode): RelationLock | null {
  const own = forest.lock(node.oid);
  if (own || node.kind !== "p") return own;
  for (const child of forest.children(node.oid)) {
    const lock = lockBelow(forest, child);
    if (lock) return lock;
  }
  return null;
}

/** By lower bound; partitions of lists and hashes by name; the default last. */
function sortCells(cells: PartitionCell[], ranges: ReadonlyMap<number, Range>): PartitionCell[] {
  const rank = (cell: PartitionCell) => (cell.isDefault ? 2 : ranges.has(cell.oid) ? 0 : 1);
  return cells.toSorted((a, b) => {
    const [x, y] = [ranges.get(a.oid), ranges.get(b.oid)];
    if (x && y) return compareBounds(x.from, y.from);
    return rank(a) - rank(b) || a.name.localeCompare(b.name, "en", { numeric: true });
  });
}

function axisNote(keyType: string, axis: LaneAxis): string | null {
  if (keyType === "timestamp without time zone") return "Times without a zone, read as UTC.";
  if (isTemporal(keyType) || !isInteger(keyType) || axis === "integer" || axis === "values") return null;
  const form = {
    epochSeconds: "seconds since 1970",
    epochMilliseconds: "milliseconds since 1970",
    epochMicroseconds: "microseconds since 1970",
    calendarInteger: "calendar dates",
    time: "times",
  }[axis];
  return `Integers, read as ${form} in UTC because every bound fits.`;
}
