import type { AuditDb } from "../audit-db/types.ts";
import { AppError } from "../errors.ts";
import { getDefaultRows } from "../partition-facts/get-default-rows.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { type Forest, readForest, totalsOf } from "../partition-facts/read-forest.ts";
import type { DefaultPartition } from "../partition-facts/types.ts";
import type { Observed } from "../result.ts";
import { buildLanes } from "./build-lanes.ts";
import type { PartitionLane } from "./types.ts";

export interface PartitionLanes {
  root: { oid: number; schema: string; name: string; key: string };
  lanes: PartitionLane[];
  /** The moment runway was judged at. */
  now: Date;
}

/**
 * One partitioned table as lanes along its key.
 * @throws AppError NOT_FOUND when there is no partitioned root table of that name.
 */
export async function getPartitionLanes(
  audit: AuditDb,
  table: { schema: string; root: string },
  now: Date,
): Promise<Observed<PartitionLanes>> {
  const { data: forest, ...observed } = await readForest(audit);
  return { ...observed, data: await lanesOf(audit, forest, findRoot(forest, table), now) };
}

/** The same of the largest partitioned table; null when there is none. */
export async function getLargestLanes(audit: AuditDb, now: Date): Promise<Observed<PartitionLanes | null>> {
  const { data: forest, ...observed } = await readForest(audit);
  const root = largestRoot(forest);
  return { ...observed, data: root ? await lanesOf(audit, forest, root, now) : null };
}

async function lanesOf(
  audit: AuditDb,
  forest: Forest,
  root: PartitionNode,
  now: Date,
): Promise<PartitionLanes> {
  const lanes = buildLanes(forest, root, now, await readDefaults(audit, forest, root));
  const { oid, schema, name } = root;
  return { root: { oid, schema, name, key: root.partitionKey ?? "" }, lanes, now };
}

export function findRoot(forest: Forest, table: { schema: string; root: string }): PartitionNode {
  const root = forest.roots.find((node) => node.schema === table.schema && node.name === table.root);
  if (!root) throw new AppError("NOT_FOUND", `There is no partitioned table ${table.schema}.${table.root}.`);
  return root;
}

function largestRoot(forest: Forest): PartitionNode | undefined {
  const bytes = (root: PartitionNode) => totalsOf(forest, root).bytes ?? 0;
  return forest.roots.toSorted((a, b) => bytes(b) - bytes(a))[0];
}

/** Every default partition at any level of a tree, by oid. */
export async function readDefaults(
  audit: AuditDb,
  forest: Forest,
  root: PartitionNode,
): Promise<Map<number, DefaultPartition>> {
  const found = new Map<number, DefaultPartition>();
  const visit = async (node: PartitionNode): Promise<void> => {
    for (const child of forest.children(node.oid)) {
      if (child.isDefault) {
        const locked = forest.leaves(child).some((leaf) => forest.lock(leaf.oid)) || !!forest.lock(child.oid);
        const liveRows = forest
          .leaves(child)
          .reduce((sum, leaf) => sum + (forest.activity(leaf.oid)?.liveRows ?? 0), 0);
        const { oid, schema, name } = child;
        found.set(oid, await getDefaultRows(audit, { oid, schema, name, locked, liveRows }));
      }
      if (child.kind === "p") await visit(child);
    }
  };
  await visit(root);
  return found;
}
