import type { AuditDb } from "../audit-db/types.ts";
import type { LimitsFor } from "../check.ts";
import { AppError } from "../errors.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { type Forest, readForest, totalsOf } from "../partition-facts/read-forest.ts";
import { quoteQualified } from "../quote-sql.ts";
import type { Observed } from "../result.ts";
import { buildLanes } from "./build-lanes.ts";
import { runway } from "./check-runway.ts";
import { relationObject } from "./judged-lanes.ts";
import { readDefaults } from "./read-defaults.ts";
import { runwayState } from "./runway-state.ts";
import type { PartitionLane } from "./types.ts";

export interface PartitionLanes {
  root: { oid: number; schema: string; name: string; key: string };
  lanes: PartitionLane[];
  /** The moment runway was judged at. */
  now: Date;
}

/** The code's own limits, where nobody says what applies here. */
const ownLimits: LimitsFor = () => runway.thresholds;

/**
 * One partitioned table as lanes along its key.
 * @param limitsFor the limits of the check of runways that are in force, by which a lane's runway is coloured
 * @param table a partitioned table, or any relation below one
 * @throws AppError NOT_FOUND when there is no partitioned table of that name, nor a partition
 */
export async function getPartitionLanes(
  audit: AuditDb,
  table: { schema: string; root: string },
  now: Date,
  limitsFor = ownLimits,
): Promise<Observed<PartitionLanes>> {
  const { data: forest, ...observed } = await readForest(audit);
  return { ...observed, data: await lanesOf(audit, forest, findRoot(forest, table), now, limitsFor) };
}

/** The same of the largest partitioned table; null when there is none. */
export async function getLargestLanes(
  audit: AuditDb,
  now: Date,
  limitsFor = ownLimits,
): Promise<Observed<PartitionLanes | null>> {
  const { data: forest, ...observed } = await readForest(audit);
  const root = largestRoot(forest);
  return { ...observed, data: root ? await lanesOf(audit, forest, root, now, limitsFor) : null };
}

async function lanesOf(
  audit: AuditDb,
  forest: Forest,
  root: PartitionNode,
  now: Date,
  limitsFor: LimitsFor,
): Promise<PartitionLanes> {
  const { database } = await audit.server();
  const built = buildLanes(forest, root, now, await readDefaults(audit, forest, [root]));
  const lanes = built.map((lane): PartitionLane => {
    if (!lane.runway) return lane;
    const state = runwayState(lane, limitsFor(relationObject(database, lane)));
    return { ...lane, runway: { ...lane.runway, severity: state === "ok" ? null : state } };
  });
  const { oid, schema, name } = root;
  return { root: { oid, schema, name, key: root.partitionKey ?? "" }, lanes, now };
}

/** The root of that name, or the root of the tree that a relation of that name stands in. */
export function findRoot(forest: Forest, table: { schema: string; root: string }): PartitionNode {
  const named = (node: PartitionNode) => node.schema === table.schema && node.name === table.root;
  const holds = (node: PartitionNode): boolean => named(node) || forest.children(node.oid).some(holds);
  const root = forest.roots.find(named) ?? forest.roots.find(holds);
  if (!root)
    throw new AppError(
      "NOT_FOUND",
      `There is no partitioned table ${quoteQualified(table.schema, table.root)}.`,
    );
  return root;
}

function largestRoot(forest: Forest): PartitionNode | undefined {
  const bytes = (root: PartitionNode) => totalsOf(forest, root).bytes ?? 0;
  return forest.roots.toSorted((a, b) => bytes(b) - bytes(a))[0];
}
