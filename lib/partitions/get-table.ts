import type { AuditDb } from "../audit-db/types.ts";
import { branchLabel } from "../partition-facts/branches.ts";
import { newest } from "../partition-facts/get-activity.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { type Forest, readForest, rowsOf } from "../partition-facts/read-forest.ts";
import type { Observed } from "../result.ts";
import { buildLanes } from "./build-lanes.ts";
import { findRoot } from "./get-lanes.ts";
import type { PartitionRow } from "./types.ts";

export const partitionOrders = [
  "name",
  "from",
  "to",
  "rowsEstimated",
  "totalBytes",
  "tableBytes",
  "indexBytes",
  "toastBytes",
  "deadRows",
  "inserted",
  "updated",
  "deleted",
  "seqScans",
  "indexScans",
  "lastVacuum",
  "lastAnalyze",
] as const;
export type PartitionOrder = (typeof partitionOrders)[number] | "branch";

export interface PartitionTableQuery {
  /** One partitioned table; all of them when left out. */
  table?: { schema: string; root: string };
  orderBy: PartitionOrder;
  order: "asc" | "desc";
  /** Part of the name, the branch or the bounds, in any case. */
  filter?: string;
  limit: number;
  offset: number;
}

/** Partitions that hold rows, one a row, sorted and filtered. Unknown figures sort last in either direction. */
export async function getPartitionTable(
  audit: AuditDb,
  query: PartitionTableQuery,
  now: Date,
): Promise<Observed<{ rows: PartitionRow[]; total: number }>> {
  const { data: forest, ...observed } = await readForest(audit);
  const roots = query.table ? [findRoot(forest, query.table)] : forest.roots;
  const rows = roots.flatMap((root) => rowsOfTree(forest, root, now));
  const wanted = query.filter?.trim().toLowerCase();
  const found = wanted
    ? rows.filter((row) =>
        [row.name, row.branch, row.bounds ?? ""].some((text) => text.toLowerCase().includes(wanted)),
      )
    : rows;
  const sorted = found.toSorted((a, b) => compareBy(a, b, query.orderBy, query.order));
  return {
    ...observed,
    data: { rows: sorted.slice(query.offset, query.offset + query.limit), total: found.length },
  };
}

/** Partitions of one tree that hold rows, in the order of the catalogue. */
export function rowsOfTree(forest: Forest, root: PartitionNode, now: Date): PartitionRow[] {
  const bounds = new Map(
    buildLanes(forest, root, now).flatMap((lane) => lane.cells.map((cell) => [cell.oid, cell] as const)),
  );
  const visit = (
    node: PartitionNode,
    path: string[],
    span?: { from: string | null; to: string | null },
  ): PartitionRow[] =>
    forest.children(node.oid).flatMap((child) => {
      const own = bounds.get(child.oid) ?? span;
      if (child.kind === "p") return visit(child, [...path, branchLabel(child)], own);
      return [toRow(forest, root, child, path.join(" / "), own)];
    });
  return visit(root, []);
}

function toRow(
  forest: Forest,
  root: PartitionNode,
  leaf: PartitionNode,
  branch: string,
  span: { from: string | null; to: string | null } | undefined,
): PartitionRow {
  const activity = forest.activity(leaf.oid);
  const size = forest.size(leaf.oid);
  const vacuum = newest(activity?.lastVacuum ?? null, activity?.lastAutovacuum ?? null);
  const analyze = newest(activity?.lastAnalyze ?? null, activity?.lastAutoanalyze ?? null);
  return {
    oid: leaf.oid,
    schema: leaf.schema,
    name: leaf.name,
    root: `${root.schema}.${root.name}`,
    branch,
    bounds: leaf.bounds?.replace(/^FOR VALUES /, "") ?? null,
    from: span?.from ?? null,
    to: span?.to ?? null,
    isDefault: leaf.isDefault,
    detachPending: leaf.detachPending,
    rowsEstimated: rowsOf(forest, leaf),
    totalBytes: size ? size.tableBytes + size.indexBytes + size.toastBytes : null,
    tableBytes: size?.tableBytes ?? null,
    indexBytes: size?.indexBytes ?? null,
    toastBytes: size?.toastBytes ?? null,
    bytesFrom: size && !size.measured ? "estimated" : "measured",
    deadRows: activity?.deadRows ?? null,
    inserted: activity?.inserted ?? 0,
    updated: activity?.updated ?? 0,
    deleted: activity?.deleted ?? 0,
    seqScans: activity?.seqScans ?? 0,
    indexScans: activity?.indexScans ?? 0,
    lastVacuum: vacuum.at,
    lastVacuumAutomatic: vacuum.automatic,
    lastAnalyze: analyze.at,
    lastAnalyzeAutomatic: analyze.automatic,
    lockedBy: forest.lock(leaf.oid),
  };
}

function compareBy(a: PartitionRow, b: PartitionRow, by: PartitionOrder, order: "asc" | "desc"): number {
  const [x, y] = [a[by], b[by]];
  const byName = a.name.localeCompare(b.name, "en", { numeric: true });
  if (x === null || y === null) return x === y ? byName : x === null ? 1 : -1;
  const sign = order === "asc" ? 1 : -1;
  if (by === "name") return sign * byName;
  return x < y ? -sign : x > y ? sign : byName;
}
