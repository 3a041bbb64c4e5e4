import {
  type Bound,
  type BoundValue,
  compareBounds,
  maxValue,
  minValue,
  toBoundValue,
} from "../../partition-facts/bound-values.ts";
import type { PartitionNode } from "../../partition-facts/get-nodes.ts";
import { parseBounds, type RangeEnd } from "../../partition-facts/parse-bounds.ts";
import type { KeyCodec } from "./key-codec.ts";

/** A stretch of a table's key. The first column's order is the codec's point. */
export interface KeyRange {
  from: Bound;
  to: Bound;
}

export interface PartitionRange extends KeyRange {
  node: PartitionNode;
}

/**
 * The ranges of a table's own partitions, in order; the default has none.
 * @returns a problem in words where one cannot be told
 */
export function rangesOf(
  parent: PartitionNode,
  children: readonly PartitionNode[],
  codec: Pick<KeyCodec, "decode" | "spec">,
): PartitionRange[] | { problem: string; hidden: boolean } {
  const ranges: PartitionRange[] = [];
  for (const node of children) {
    if (node.isDefault) continue;
    const bounds = node.bounds === null ? null : parseBounds(node.bounds);
    if (bounds?.kind !== "range")
      return {
        problem: `The bounds of ${node.name} cannot be read just now: its table is locked.`,
        hidden: true,
      };
    const end = (side: "from" | "to"): Bound | null => {
      const values = bounds[side].map((value, i) =>
        i === 0 ? firstValue(value, codec) : toBoundValue(value, parent.key?.[i], node.ranks?.[side][i]),
      );
      return values.every((value) => value !== null) ? (values as BoundValue[]) : null;
    };
    const [from, to] = [end("from"), end("to")];
    if (!from || !to)
      return { problem: `The bounds of ${node.name} (${node.bounds}) are not ${codec.spec}.`, hidden: false };
    ranges.push({ node, from, to });
  }
  return ranges.sort((a, b) => compareBounds(a.from, b.from));
}

function firstValue(end: RangeEnd, codec: Pick<KeyCodec, "decode">): BoundValue | null {
  if (end.is === "min") return minValue;
  if (end.is === "max") return maxValue;
  const order = codec.decode(end.text);
  return order === null ? null : { order, text: end.text };
}

/** What of a stretch none of the ranges holds, in order. @param ranges in order */
export function uncoveredOf(ranges: readonly KeyRange[], wanted: KeyRange): KeyRange[] {
  const left: KeyRange[] = [];
  let { from } = wanted;
  for (const range of ranges) {
    if (compareBounds(range.to, from) <= 0) continue;
    if (compareBounds(range.from, wanted.to) >= 0) break;
    if (compareBounds(range.from, from) > 0) left.push({ from, to: range.from });
    from = range.to;
  }
  return compareBounds(from, wanted.to) < 0 ? [...left, { from, to: wanted.to }] : left;
}

/** What two stretches have in common; null where nothing. */
export function intersect(a: KeyRange, b: KeyRange): KeyRange | null {
  const from = compareBounds(a.from, b.from) < 0 ? b.from : a.from;
  const to = compareBounds(a.to, b.to) < 0 ? a.to : b.to;
  return compareBounds(from, to) < 0 ? { from, to } : null;
}
