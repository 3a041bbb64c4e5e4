import type { AuditDb } from "../audit-db/types.ts";
import { AppError } from "../errors.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { type Forest, readForest } from "../partition-facts/read-forest.ts";
import { quoteQualified } from "../quote-sql.ts";
import type { Observed } from "../result.ts";
import { rowsOfTree } from "./get-table.ts";
import type { PartitionRow } from "./types.ts";

/**
 * One partition with the rows it holds; one that is partitioned itself answers all partitions below it.
 * @throws AppError NOT_FOUND when no partition has that name.
 */
export async function getPartition(
  audit: AuditDb,
  partition: { schema: string; name: string },
): Promise<Observed<PartitionRow[]>> {
  const { data: forest, ...observed } = await readForest(audit);
  for (const root of forest.roots) {
    const node = findNode(forest, root, partition);
    if (!node) continue;
    const below = new Set(forest.leaves(node).map((leaf) => leaf.oid));
    return { ...observed, data: rowsOfTree(forest, root).filter((row) => below.has(row.oid)) };
  }
  throw new AppError(
    "NOT_FOUND",
    `There is no partition ${quoteQualified(partition.schema, partition.name)} any more.`,
  );
}

function findNode(
  forest: Forest,
  under: PartitionNode,
  wanted: { schema: string; name: string },
): PartitionNode | null {
  for (const child of forest.children(under.oid)) {
    if (child.name === wanted.name && child.schema === wanted.schema) return child;
    const below = child.kind === "p" ? findNode(forest, child, wanted) : null;
    if (below) return below;
  }
  return null;
}
