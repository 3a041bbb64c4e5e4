import { nameRelation } from "../quote-sql.ts";
import {
  type Bound,
  compareBounds,
  comparesHere,
  isOrdered,
  maxValue,
  minValue,
  toBoundValue,
} from "./bound-values.ts";
import { branchLabel } from "./branches.ts";
import type { PartitionNode } from "./get-nodes.ts";
import { continuesKey } from "./key-line.ts";
import { parseBounds } from "./parse-bounds.ts";
import type { Forest } from "./read-forest.ts";
import type { KeyColumn } from "./types.ts";

/** A partition's range by value. */
export interface Range {
  name: string;
  from: Bound;
  to: Bound;
}

/** A stretch of a lane whose rows find no partition of theirs, on one path. */
export interface Missing {
  from: Bound;
  to: Bound;
  /** The default partition that takes its rows; null where they are refused. */
  caughtBy: string | null;
  /** Values or remainders below the lane on whose path it lies, where not all rows are concerned. */
  path: string[];
}

/** How far the partitions below a node take rows, by the ends of every path to a partition that holds some. */
export interface Reach {
  /** By oid, of every partition along the key: its range, cut to those of the partitions it stands in. */
  ranges: ReadonlyMap<number, Range>;
  /** Those that lie at the ends of the paths. */
  covered: Range[];
  /** What they leave, before the first and behind the last one too, in order. */
  missing: Missing[];
  overlaps: { from: Bound; to: Bound; between: [string, string] }[];
  /** Partitions whose bounds are not known just now, because of a lock. */
  hidden: number;
  /** Whether a partition that is being detached is among them. */
  detaching: boolean;
  /** A column whose values nobody may compare: then nothing else here is known. */
  incomparable: KeyColumn | null;
}

const everything = { from: [minValue], to: [maxValue] } as const;

/**
 * Follows every path from a table that is partitioned by ranges to the partitions that hold rows. Levels by the same key
 * below (also under lists and hashes) narrow the range of what stands in them: a year whose months are missing takes no
 * rows.
 * @param options.withoutDetaching leaves out partitions that are being detached: they take no new rows
 */
export function measureReach(
  forest: Pick<Forest, "children">,
  branch: PartitionNode,
  options: { withoutDetaching?: boolean } = {},
): Reach {
  const ranges = new Map<number, Range>();
  const covered: Range[] = [];
  const missing: Missing[] = [];
  const overlaps: Reach["overlaps"] = [];
  let hidden = 0;
  let detaching = false;
  let incomparable: KeyColumn | null = null;

  function visit(node: PartitionNode, window: Range, path: string[], caughtBy: string | null): void {
    if (node.kind !== "p") {
      if (caughtBy === null) covered.push(window);
      else missing.push({ ...window, caughtBy, path });
      return;
    }
    const all = forest.children(node.oid);
    detaching ||= all.some((child) => child.detachPending);
    const children = options.withoutDetaching ? all.filter((child) => !child.detachPending) : all;
    if (node.strategy === "range" && continuesKey(node, branch)) {
      visitRanges(node, children, window, path, caughtBy);
    } else if (children.length === 0) {
      missing.push({ ...window, caughtBy: null, path });
    } else {
      const crossing = node.strategy !== "range" && children.length > 1;
      for (const child of children)
        visit(child, window, crossing ? [...path, branchLabel(child)] : path, caughtBy);
    }
  }

  function visitRanges(
    node: PartitionNode,
    children: readonly PartitionNode[],
    window: Range,
    path: string[],
    caughtBy: string | null,
  ): void {
    const own: [PartitionNode, Range][] = [];
    for (const child of children) {
      if (child.isDefault) continue;
      const range = rangeOf(child, node);
      if (range === null) hidden += 1;
      else if ("less" in range) incomparable = range;
      else {
        const within = intersect(range, window);
        ranges.set(child.oid, within ?? range);
        // The server lets a partition lie outside of the one it stands in: no row gets there.
        if (within) own.push([child, within]);
      }
    }
    own.sort(([, a], [, b]) => compareBounds(a.from, b.from));
    const fallback = children.find((child) => child.isDefault);
    const leave = (from: Bound, to: Bound) => {
      if (compareBounds(from, to) >= 0) return;
      if (fallback)
        visit(fallback, { name: nameRelation(fallback), from, to }, path, caughtBy ?? nameRelation(fallback));
      else missing.push({ from, to, caughtBy: null, path });
    };
    let reach: { name: string; to: Bound } = { name: "", to: window.from };
    for (const [child, range] of own) {
      leave(reach.to, range.from);
      if (reach.name && compareBounds(range.from, reach.to) < 0)
        overlaps.push({
          from: range.from,
          to: lesser(reach.to, range.to),
          between: [reach.name, range.name],
        });
      visit(child, range, path, caughtBy);
      if (compareBounds(range.to, reach.to) > 0) reach = range;
    }
    leave(reach.to, window.to);
  }

  visit(branch, { name: nameRelation(branch), ...everything }, [], null);
  return { ranges, covered, missing: join(missing), overlaps, hidden, detaching, incomparable };
}

/** Null while the bounds are hidden; the column where its values cannot be compared. */
function rangeOf(child: PartitionNode, parent: PartitionNode): Range | KeyColumn | null {
  const bounds = child.bounds === null ? null : parseBounds(child.bounds);
  if (bounds?.kind !== "range") return null;
  const ends: { from: Bound; to: Bound } = { from: [], to: [] };
  for (const side of ["from", "to"] as const) {
    const values: Bound[number][] = [];
    for (const [i, end] of bounds[side].entries()) {
      const column = parent.key?.[i];
      const value = toBoundValue(end, column, child.ranks?.[side][i]);
      if (value) values.push(value);
      else return column && !awaitsRank(column, child) ? column : null;
    }
    ends[side] = values;
  }
  return { name: nameRelation(child), ...ends };
}

/** Known bounds that a lock hides just now were not among those that the server ranked. */
function awaitsRank(column: KeyColumn, child: PartitionNode): boolean {
  return isOrdered(column) && !comparesHere(column) && child.ranks === undefined;
}

function intersect(range: Range, window: Range): Range | null {
  const from = compareBounds(range.from, window.from) < 0 ? window.from : range.from;
  const to = lesser(range.to, window.to);
  return compareBounds(from, to) < 0 ? { name: range.name, from, to } : null;
}

function lesser(a: Bound, b: Bound): Bound {
  return compareBounds(a, b) < 0 ? a : b;
}

/** In order, those that adjoin on one path as one: December of one year and January of the next are one stretch. */
function join(missing: readonly Missing[]): Missing[] {
  const joined: Missing[] = [];
  const last = new Map<string, Missing>();
  for (const next of missing.toSorted((a, b) => compareBounds(a.from, b.from))) {
    const key = JSON.stringify([next.path, next.caughtBy]);
    const before = last.get(key);
    if (before && compareBounds(before.to, next.from) >= 0) {
      if (compareBounds(next.to, before.to) > 0) before.to = next.to;
      continue;
    }
    const own = { ...next };
    joined.push(own);
    last.set(key, own);
  }
  return joined;
}
