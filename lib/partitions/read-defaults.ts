import type { AuditDb } from "../audit-db/types.ts";
import { type DefaultToCount, getDefaultRows } from "../partition-facts/get-default-rows.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { type Forest, rowsOf } from "../partition-facts/read-forest.ts";
import type { DefaultPartition } from "../partition-facts/types.ts";

/** Every default partition at any level of some trees, by oid. What lies below one belongs to it. */
export function readDefaults(
  audit: AuditDb,
  forest: Forest,
  roots: readonly PartitionNode[],
): Promise<Map<number, DefaultPartition>> {
  const defaults = roots.flatMap((root) => defaultsBelow(forest, root));
  return getDefaultRows(
    audit,
    defaults.map((node) => describe(forest, node)),
  );
}

export function defaultsBelow(forest: Forest, node: PartitionNode): PartitionNode[] {
  return forest
    .children(node.oid)
    .flatMap((child) => (child.isDefault ? [child] : child.kind === "p" ? defaultsBelow(forest, child) : []));
}

function describe(forest: Forest, node: PartitionNode): DefaultToCount {
  const leaves = forest.leaves(node);
  const { oid, schema, name } = node;
  return {
    ...{ oid, schema, name },
    locked: forest.lock(oid) !== null || leaves.some((leaf) => forest.lock(leaf.oid)),
    foreign: leaves.some((leaf) => leaf.kind === "f"),
    rowsEstimated: estimate(leaves.map((leaf) => rowsOf(forest, leaf))),
  };
}

/** Rows of which some partition says nothing are at least those of the others; none of which nobody knows is not none. */
function estimate(rows: readonly (number | null)[]): number | null {
  const known = rows.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  return known === 0 && rows.includes(null) ? null : known;
}
