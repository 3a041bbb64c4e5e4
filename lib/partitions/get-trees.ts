import type { AuditDb } from "../audit-db/types.ts";
import { countLanes } from "../partition-facts/branches.ts";
import { newest } from "../partition-facts/get-activity.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { type Forest, readForest, totalsOf } from "../partition-facts/read-forest.ts";
import type { Observed } from "../result.ts";
import type { PartitionTree } from "./types.ts";

/** Every partitioned table of the connected database, the largest first. Source: pg_inherits, pg_class. */
export async function getPartitionTrees(audit: AuditDb): Promise<Observed<PartitionTree[]>> {
  const { data: forest, ...observed } = await readForest(audit);
  const trees = forest.roots.map((root) => toTree(forest, root));
  return { ...observed, data: trees.toSorted((a, b) => (b.totalBytes ?? 0) - (a.totalBytes ?? 0)) };
}

function toTree(forest: Forest, root: PartitionNode): PartitionTree {
  const totals = totalsOf(forest, root);
  const activity = forest.activity(root.oid);
  return {
    oid: root.oid,
    schema: root.schema,
    name: root.name,
    strategy: root.strategy ?? "range",
    key: root.partitionKey ?? "",
    levels: depth(forest, root),
    leaves: totals.leaves,
    totalBytes: totals.bytes,
    rowsEstimated: totals.rowsEstimated,
    lanes: countLanes(forest, root),
    lastAnalyze: activity ? newest(activity.lastAnalyze, activity.lastAutoanalyze).at : null,
  };
}

function depth(forest: Forest, node: PartitionNode): number {
  return forest.children(node.oid).reduce((most, child) => Math.max(most, 1 + depth(forest, child)), 0);
}
