import {
  compareOrdinals,
  inferAxis,
  isInteger,
  isTemporal,
  type Ordinal,
  toIso,
  toMicros,
  toOrdinal,
} from "../partition-facts/bound-values.ts";
import { branchesOf } from "../partition-facts/branches.ts";
import { findSpans, type Range } from "../partition-facts/find-spans.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { getRunway } from "../partition-facts/get-runway.ts";
import { inferInterval } from "../partition-facts/infer-interval.ts";
import { parseBounds } from "../partition-facts/parse-bounds.ts";
import { type Forest, totalsOf } from "../partition-facts/read-forest.ts";
import type { DefaultPartition, LaneAxis, RelationLock } from "../partition-facts/types.ts";
import type { PartitionCell, PartitionLane } from "./types.ts";

/**
 * The lanes of one partitioned table: a branch whose partitions are ranges is a lane; list and hash levels above
 * it name the branch; a branch of lists or hashes only is a lane of values.
 * @param defaultRows what is known about each default partition, by oid.
 */
export function buildLanes(
  forest: Forest,
  root: PartitionNode,
  now: Date,
  defaultRows: ReadonlyMap<number, DefaultPartition> = new Map(),
): PartitionLane[] {
  return branchesOf(forest, root, []).map(({ branch, path, cells }) =>
    buildLane(forest, branch, path, cells, now, defaultRows),
  );
}

function buildLane(
  forest: Forest,
  branch: PartitionNode,
  path: string[],
  children: PartitionNode[],
  now: Date,
  defaultRows: ReadonlyMap<number, DefaultPartition>,
): PartitionLane {
  const ranges = new Map(children.flatMap((child) => rangeOf(child, branch)));
  const finite = [...ranges.values()].flatMap((range) => [range.from[0] ?? "", range.to[0] ?? ""]);
  const axis = branch.strategy === "range" ? inferAxis(branch.keyTypes?.[0] ?? "", finite) : "values";
  const known = [...ranges.values()];
  const unknownBounds =
    branch.strategy === "range" ? children.filter((c) => !c.isDefault && !ranges.has(c.oid)).length : 0;
  const judged = unknownBounds === 0 && axis !== "values";
  const interval = inferInterval(widthsOf(known, axis));
  // A partition that is being detached takes no new rows, yet its stretch is reported as that, not as a gap.
  const serving = children.flatMap((c) => (c.detachPending ? [] : (ranges.get(c.oid) ?? [])));
  const cells = children.map((child) => buildCell(forest, child, ranges.get(child.oid), axis));
  const fallback = children.find((child) => child.isDefault);
  return {
    key: `${branch.schema}.${branch.name}`,
    label: path.length > 0 ? path.join(" / ") : branch.name,
    schema: branch.schema,
    name: branch.name,
    oid: branch.oid,
    strategy: branch.strategy ?? "range",
    partitionKey: branch.partitionKey ?? "",
    axis,
    axisNote: axisNote(branch.keyTypes?.[0] ?? "", axis),
    cells: sortCells(cells, ranges),
    ...(judged ? findSpans(known, axis) : { gaps: [], overlaps: [] }),
    interval,
    runway: judged ? getRunway(serving, axis, interval, now) : null,
    defaultPartition: (fallback && defaultRows.get(fallback.oid)) ?? null,
    unknownBounds,
  };
}

function rangeOf(child: PartitionNode, branch: PartitionNode): [number, Range][] {
  const bounds = child.bounds === null ? null : parseBounds(child.bounds);
  if (bounds?.kind !== "range") return [];
  const ordinal = (end: (typeof bounds.from)[number], i: number): Ordinal =>
    toOrdinal(end, branch.keyTypes?.[i] ?? "");
  return [[child.oid, { name: child.name, from: bounds.from.map(ordinal), to: bounds.to.map(ordinal) }]];
}

function widthsOf(ranges: readonly Range[], axis: LaneAxis): number[] {
  return ranges
    .flatMap((range) => {
      const from = toMicros(range.from[0] ?? "", axis);
      const to = toMicros(range.to[0] ?? "", axis);
      return from === null || to === null || to <= from ? [] : [{ from, width: Number(to - from) / 1e6 }];
    })
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
    .map(({ width }) => width);
}

function buildCell(
  forest: Forest,
  node: PartitionNode,
  range: Range | undefined,
  axis: LaneAxis,
): PartitionCell {
  const { name, schema, oid, bounds, isDefault, detachPending } = node;
  const iso = (end: Ordinal | undefined) => (end === undefined ? null : toIso(toMicros(end, axis)));
  return {
    name,
    schema,
    oid,
    bounds: bounds?.replace(/^FOR VALUES /, "") ?? null,
    from: iso(range?.from[0]),
    to: iso(range?.to[0]),
    ...totalsOf(forest, node),
    isDefault,
    detachPending,
    lockedBy: lockBelow(forest, node),
  };
}

/** The lock on a partition, or on anything below it. */
export function lockBelow(forest: Forest, node: PartitionNode): RelationLock | null {
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
    if (x && y) return compareOrdinals(x.from, y.from);
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
