import type { PartitionNode } from "./get-nodes.ts";
import { parseBounds } from "./parse-bounds.ts";
import type { Forest } from "./read-forest.ts";

/** How many lanes a tree has, without building them. */
export function countLanes(forest: Forest, root: PartitionNode): number {
  return branchesOf(forest, root, []).length;
}

/** A partitioned table whose partitions make a lane, with the labels that lead to it. */
export interface Branch {
  branch: PartitionNode;
  path: string[];
  cells: PartitionNode[];
}

/** The branches of a tree, in the catalogue's order: list and hash levels above ranges only name them. */
export function branchesOf(forest: Forest, node: PartitionNode, path: string[]): Branch[] {
  const children = forest.children(node.oid);
  const branches = node.strategy === "range" ? [] : children.filter((child) => child.kind === "p");
  if (branches.length === 0) return [{ branch: node, path, cells: children }];
  const below = branches.flatMap((child) => branchesOf(forest, child, [...path, branchLabel(child)]));
  const leaves = children.filter((child) => child.kind !== "p");
  return leaves.length > 0 ? [...below, { branch: node, path, cells: leaves }] : below;
}

/** What tells a branch from its siblings: the values of a list, the remainder of a hash. */
export function branchLabel(node: PartitionNode): string {
  const bounds = node.bounds === null ? null : parseBounds(node.bounds);
  if (bounds?.kind === "list") return bounds.values.map((value) => value ?? "NULL").join(", ");
  if (bounds?.kind === "hash") return `${bounds.remainder} of ${bounds.modulus}`;
  return bounds?.kind === "default" ? "default" : node.name;
}
