import type { PartitionNode } from "./get-nodes.ts";

/**
 * Whether two levels that are partitioned by ranges cut the same values: the key of one is the beginning of the other's.
 * Columns are told by name, since their numbers differ where tables were attached; keys with expressions as a whole.
 */
export function continuesKey(node: PartitionNode, above: PartitionNode): boolean {
  if (node.oid === above.oid) return true;
  if (node.strategy !== "range" || above.strategy !== "range" || !node.key || !above.key) return false;
  if (node.partitionKey === above.partitionKey) return true;
  return above.key.every((column, i) => {
    const other = node.key?.[i];
    if (!other) return i > 0;
    const same =
      other.name === column.name && other.type === column.type && other.collation === column.collation;
    return same && column.name !== null && other.less === column.less;
  });
}
