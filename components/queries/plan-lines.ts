import type { PlanNode } from "@/lib/queries/plan-tree.ts";

export interface PlanLine {
  /** Path from the root: "0.1.3". */
  id: string;
  node: PlanNode;
  depth: number;
  /** Siblings of the same kind that were folded into this line. */
  repeated: number;
}

/** Steps alike under one parent from which they are folded: an Append over a hundred partitions. */
const foldFrom = 6;

/** The tree as lines, the root first; many like siblings (scans of partitions) become one line that adds them up. */
export function planLines(root: PlanNode): PlanLine[] {
  return walk(root, "0", 0);
}

function walk(node: PlanNode, id: string, depth: number): PlanLine[] {
  const kinds = new Map<string, PlanNode[]>();
  for (const child of node.children) {
    const kind = kindOf(child);
    const alike = kinds.get(kind);
    if (alike) alike.push(child);
    else kinds.set(kind, [child]);
  }
  const below = node.children.flatMap((child, index): PlanLine[] => {
    const alike = kinds.get(kindOf(child)) ?? [];
    if (alike.length < foldFrom) return walk(child, `${id}.${index}`, depth + 1);
    if (alike[0] !== child) return [];
    return [{ id: `${id}.${index}`, node: addUp(alike), depth: depth + 1, repeated: alike.length - 1 }];
  });
  return [{ id, node, depth, repeated: 0 }, ...below];
}

/** Leaves alike differ in nothing but the relation and index they read. */
function kindOf(node: PlanNode): string {
  if (node.children.length > 0 || !node.relation) return `${node.node} with ${node.children.length} below`;
  return node.node;
}

function addUp(alike: readonly PlanNode[]): PlanNode {
  const [first] = alike.toSorted((a, b) => b.totalCost - a.totalCost);
  if (!first) throw new Error("Nothing to add up");
  const sum = (figure: (node: PlanNode) => number) => alike.reduce((all, node) => all + figure(node), 0);
  return {
    ...first,
    rows: sum((node) => node.rows),
    totalCost: sum((node) => node.totalCost),
    ownCostShare: Math.min(
      1,
      sum((node) => totalShare(node)),
    ),
    children: [],
  };
}

function totalShare(node: PlanNode): number {
  return node.ownCostShare + node.children.reduce((all, child) => all + totalShare(child), 0);
}
