import type { Sql } from "postgres";
import { askPartitionNodes, type PartitionNode } from "../partition-facts/get-nodes.ts";
import { continuesKey } from "../partition-facts/key-line.ts";

/** Every partitioned table as it stands at this moment. */
export interface Trees {
  children(oid: number): PartitionNode[];
  node(oid: number): PartitionNode | undefined;
  find(relation: { schema: string; name: string }): PartitionNode | undefined;
}

/** Asked anew, past every cache: a plan is made of what is there now. */
export async function readTrees(sql: Sql): Promise<Trees> {
  const nodes = await askPartitionNodes(sql);
  const byOid = new Map(nodes.map((node) => [node.oid, node]));
  const byParent = Map.groupBy(nodes, ({ parent }) => parent);
  return {
    children: (oid) => byParent.get(oid) ?? [],
    node: (oid) => byOid.get(oid),
    find: ({ schema, name }) => nodes.find((node) => node.schema === schema && node.name === name),
  };
}

/** The tables at and below one that are partitioned by ranges and take rows of their own; none within a default. */
export function rangesAtOrBelow(trees: Trees, node: PartitionNode): PartitionNode[] {
  if (node.kind !== "p" || node.isDefault || node.detachPending) return [];
  const below = trees.children(node.oid).flatMap((child) => rangesAtOrBelow(trees, child));
  return node.strategy === "range" ? [node, ...below] : below;
}

/** The levels above a table, the nearest first. */
export function above(trees: Trees, node: PartitionNode): PartitionNode[] {
  const parent = node.parent === null ? undefined : trees.node(node.parent);
  return parent ? [parent, ...above(trees, parent)] : [];
}

/** Tables of the same tree that are cut by the same key, on the same level. */
export function cousinsOf(trees: Trees, node: PartitionNode): PartitionNode[] {
  const root = trees.node(node.root);
  if (!root) return [];
  return rangesAtOrBelow(trees, root).filter(
    (other) => other.oid !== node.oid && other.level === node.level && continuesKey(other, node),
  );
}
