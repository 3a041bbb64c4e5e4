import { nameRelation } from "../quote-sql.ts";
import type { PartitionNode } from "./get-nodes.ts";
import { continuesKey } from "./key-line.ts";
import { parseBounds } from "./parse-bounds.ts";
import type { Forest } from "./read-forest.ts";

type Trees = Pick<Forest, "children">;

/** How many lanes a tree has, without building them. */
export function countLanes(forest: Trees, root: PartitionNode): number {
  return branchesOf(forest, root, []).length;
}

/** A partitioned table whose partitions make a lane, with the labels that lead to it. */
export interface Branch {
  branch: PartitionNode;
  path: string[];
  cells: PartitionNode[];
  /** The levels of ranges above it, by other keys. */
  above: PartitionNode[];
}

/**
 * The branches of a tree, in the catalogue's order: list and hash levels above ranges only name them, ranges below by
 * the same key are part of their lane, ranges by another key have lanes of their own.
 */
export function branchesOf(
  forest: Trees,
  node: PartitionNode,
  path: string[],
  above: PartitionNode[] = [],
): Branch[] {
  if (node.strategy === "range") {
    const { cells, others } = alongKey(forest, node, node, []);
    const below = others.flatMap(({ table, labels }) =>
      branchesOf(forest, table, [...path, ...labels], [...above, node]),
    );
    return [{ branch: node, path, cells, above }, ...below];
  }
  const children = forest.children(node.oid);
  const branches = children.filter((child) => child.kind === "p");
  if (branches.length === 0) return [{ branch: node, path, cells: children, above }];
  const below = branches.flatMap((child) => branchesOf(forest, child, [...path, branchLabel(child)], above));
  const leaves = children.filter((child) => child.kind !== "p");
  return leaves.length > 0 ? [...below, { branch: node, path, cells: leaves, above }] : below;
}

interface Along {
  cells: PartitionNode[];
  /** Tables below that are partitioned by ranges of another key. */
  others: { table: PartitionNode; labels: string[] }[];
}

/**
 * The partitions that a lane shows: the innermost along its key, of levels that follow each other. One that is being
 * detached and a default are shown as they are.
 */
function alongKey(forest: Trees, branch: PartitionNode, node: PartitionNode, labels: string[]): Along {
  const found: Along = { cells: [], others: [] };
  for (const child of forest.children(node.oid)) {
    const named = [...labels, branchLabel(child)];
    const narrows = child.strategy === "range" && continuesKey(child, branch);
    if (narrows && !child.isDefault && !child.detachPending) {
      const below = alongKey(forest, branch, child, named);
      found.cells.push(...below.cells);
      found.others.push(...below.others);
      continue;
    }
    found.cells.push(child);
    if (!narrows) found.others.push(...rangesBelow(forest, branch, child, named));
  }
  return found;
}

function rangesBelow(
  forest: Trees,
  branch: PartitionNode,
  node: PartitionNode,
  labels: string[],
): Along["others"] {
  if (node.kind !== "p") return [];
  if (node.strategy === "range" && !continuesKey(node, branch)) return [{ table: node, labels }];
  return forest
    .children(node.oid)
    .flatMap((child) => rangesBelow(forest, branch, child, [...labels, branchLabel(child)]));
}

/** What tells a branch from its siblings: the values of a list, the remainder of a hash. */
export function branchLabel(node: PartitionNode): string {
  const bounds = node.bounds === null ? null : parseBounds(node.bounds);
  if (bounds?.kind === "list") return bounds.values.map((value) => value ?? "NULL").join(", ");
  if (bounds?.kind === "hash") return `${bounds.remainder} of ${bounds.modulus}`;
  return bounds?.kind === "default" ? "default" : nameRelation(node);
}
