import type { AuditDb } from "../audit-db/types.ts";
import { AppError } from "../errors.ts";
import type { Observed } from "../result.ts";
import { getPartitionActivity, newest, type PartitionActivity } from "./get-activity.ts";
import { getExclusiveLocks } from "./get-locks.ts";
import { getPartitionNodes, type PartitionNode } from "./get-nodes.ts";
import { getPartitionSizes, type PartitionSize } from "./get-sizes.ts";
import type { RelationLock } from "./types.ts";

/** Everything known about every partition tree of the database, as of one moment. */
export interface Forest {
  roots: PartitionNode[];
  children(oid: number): PartitionNode[];
  /** The partitions with rows at or below a node. */
  leaves(node: PartitionNode): PartitionNode[];
  activity(oid: number): PartitionActivity | undefined;
  size(oid: number): PartitionSize | undefined;
  lock(oid: number): RelationLock | null;
}

/**
 * Reads structure, statistics, locks and sizes, each on its own cadence, and joins them by oid. Sizes that cannot
 * be read just now leave sizes out and nothing else.
 */
export async function readForest(audit: AuditDb): Promise<Observed<Forest>> {
  const nodes = await getPartitionNodes(audit);
  // One after the other: two watch connections serve the whole console, so one topic never takes both.
  const activity = await getPartitionActivity(audit);
  const locks = await getExclusiveLocks(audit);
  const sizes = await sizesOrNone(audit);
  const byParent = new Map<number, PartitionNode[]>();
  for (const node of nodes.data) {
    if (node.parent === null) continue;
    const siblings = byParent.get(node.parent);
    if (siblings) siblings.push(node);
    else byParent.set(node.parent, [node]);
  }
  const children = (oid: number) => byParent.get(oid) ?? [];
  const leaves = (node: PartitionNode): PartitionNode[] =>
    node.kind === "p" ? children(node.oid).flatMap(leaves) : [node];
  const stale = nodes.stale ?? activity.stale;
  return {
    observedAt: activity.observedAt < nodes.observedAt ? activity.observedAt : nodes.observedAt,
    source: "pg_inherits, pg_class, pg_stat_all_tables",
    ...(stale && { stale }),
    data: {
      roots: nodes.data.filter((node) => node.level === 0),
      children,
      leaves,
      activity: (oid) => activity.data.get(oid),
      size: (oid) => sizes.get(oid),
      lock: (oid) => locks.data.get(oid) ?? null,
    },
  };
}

async function sizesOrNone(audit: AuditDb): Promise<Map<number, PartitionSize>> {
  try {
    return (await getPartitionSizes(audit)).data;
  } catch (thrown) {
    if (thrown instanceof AppError && (thrown.code === "TIMEOUT" || thrown.code === "OVERLOADED"))
      return new Map();
    throw thrown;
  }
}

/** Figures of all partitions at or below a node, added up. */
export interface NodeTotals {
  leaves: number;
  /** Null when none was measured yet. */
  bytes: number | null;
  bytesFrom: "measured" | "estimated";
  rowsEstimated: number | null;
  deadRows: number | null;
  lastVacuum: Date | null;
  lastAnalyze: Date | null;
}

export function totalsOf(forest: Forest, node: PartitionNode): NodeTotals {
  const leaves = forest.leaves(node);
  const totals: NodeTotals = {
    leaves: leaves.length,
    bytes: null,
    bytesFrom: "measured",
    rowsEstimated: null,
    deadRows: null,
    lastVacuum: null,
    lastAnalyze: null,
  };
  for (const leaf of leaves) {
    const size = forest.size(leaf.oid);
    if (size) totals.bytes = (totals.bytes ?? 0) + size.tableBytes + size.indexBytes + size.toastBytes;
    if (size && !size.measured) totals.bytesFrom = "estimated";
    const rows = rowsOf(forest, leaf);
    if (rows !== null) totals.rowsEstimated = (totals.rowsEstimated ?? 0) + rows;
    const activity = forest.activity(leaf.oid);
    if (!activity) continue;
    if (leaf.kind !== "f") totals.deadRows = (totals.deadRows ?? 0) + activity.deadRows;
    totals.lastVacuum = later(totals.lastVacuum, newest(activity.lastVacuum, activity.lastAutovacuum).at);
    totals.lastAnalyze = later(totals.lastAnalyze, newest(activity.lastAnalyze, activity.lastAutoanalyze).at);
  }
  return totals;
}

/**
 * Live rows: what the statistics count where they have seen the relation from its first row or its last vacuum on. They
 * begin anew after a reset or a crash, come up to a minute late from a session that stays, and a standby has none: then
 * the last vacuum's or analyze's count stands in.
 * @returns null where neither says anything: a partition with pages that was never analyzed is not empty.
 */
export function rowsOf(forest: Pick<Forest, "activity" | "size">, leaf: PartitionNode): number | null {
  const activity = forest.activity(leaf.oid);
  const analyzed = leaf.rowsAtAnalyze;
  if (leaf.kind === "f" || !activity) return analyzed;
  const { liveRows, inserted, updated, deleted } = activity;
  const visited =
    newest(activity.lastVacuum, activity.lastAutovacuum).at ??
    newest(activity.lastAnalyze, activity.lastAutoanalyze).at;
  const written = inserted + updated + deleted > 0;
  if (written && (visited || inserted >= (analyzed ?? 0))) return liveRows;
  if (visited && !analyzed) return liveRows;
  if (analyzed) return Math.max(analyzed, liveRows);
  const size = forest.size(leaf.oid);
  return size?.measured && size.tableBytes === 0 ? 0 : null;
}

function later(a: Date | null, b: Date | null): Date | null {
  return !a || (b && b > a) ? b : a;
}
