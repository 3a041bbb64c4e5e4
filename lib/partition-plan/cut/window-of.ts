import type { PartitionNode } from "../../partition-facts/get-nodes.ts";
import { continuesKey } from "../../partition-facts/key-line.ts";
import { above, type Trees } from "../tree.ts";
import type { Line } from "./learn-line.ts";
import { intersect, type KeyRange, type PartitionRange, rangesOf } from "./uncovered.ts";

/** What a table that stands below others by the same key can hold; null where it can hold everything. */
export function windowOf(trees: Trees, node: PartitionNode, line: Line): KeyRange | null {
  let window: KeyRange | null = null;
  let child = node;
  for (const parent of above(trees, node)) {
    if (parent.strategy === "range" && continuesKey(node, parent)) {
      const ranges = rangesOf(parent, [child], line.codec);
      const own: PartitionRange | undefined = "problem" in ranges ? undefined : ranges[0];
      if (own) window = window ? intersect(window, own) : own;
    }
    child = parent;
  }
  return window;
}
