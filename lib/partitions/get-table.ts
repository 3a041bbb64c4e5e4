import type { AuditDb } from "../audit-db/types.ts";
import { branchesOf, branchLabel } from "../partition-facts/branches.ts";
import { newest } from "../partition-facts/get-activity.ts";
import type { PartitionNode } from "../partition-facts/get-nodes.ts";
import { hasClock } from "../partition-facts/lane-axis.ts";
import { type Forest, readForest, rowsOf } from "../partition-facts/read-forest.ts";
import { quoteQualified } from "../quote-sql.ts";
import type { Observed } from "../result.ts";
import { findRoot } from "./get-lanes.ts";
import { isoRange, readLine } from "./read-line.ts";
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
): Promise<Observed<{ rows: PartitionRow[]; total: number }>> {
  const { data: forest, ...observed } = await readForest(audit);
  const roots = query.table ? [findRoot(forest, query.table)] : forest.roots;
  const rows = roots.flatMap((root) => rowsOfTree(forest, root));
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

interface Span {
  from: string | null;
  to: string | null;
}

/** Partitions of one tree that hold rows, in the order of the catalogue. */
export function rowsOfTree(forest: Forest, root: PartitionNode): PartitionRow[] {
  const spans = spansOf(forest, root);
  const visit = (node: PartitionNode, path: string[], above?: Span): PartitionRow[] =>
    forest.children(node.oid).flatMap((child) => {
      const own = spans.get(child.oid) ?? above;
      if (child.kind === "p") return visit(child, [...path, branchLabel(child)], own);
      return [toRow(forest, root, child, path.join(" / "), own)];
    });
  return visit(root, []);
}

/** Where partitions of ranges lie in time, each cut to those that it stands in. */
function spansOf(forest: Forest, root: PartitionNode): Map<number, Span> {
  const spans = new Map<number, Span>();
  for (const branch of branchesOf(forest, root, [])) {
    const { axis, reach } = readLine(forest, branch);
    if (!hasClock(axis)) continue;
    for (const [oid, range] of reach?.ranges ?? []) spans.set(oid, isoRange(range, axis));
  }
  return spans;
}

function toRow(
  forest: Forest,
  root: PartitionNode,
  leaf: PartitionNode,
  branch: string,
  span: Span | undefined,
): PartitionRow {
  const activity = forest.activity(leaf.oid);
  // The server counts nothing of what is done to a foreign table.
  const counted = leaf.kind === "f" ? undefined : activity;
  const size = forest.size(leaf.oid);
  const vacuum = newest(activity?.lastVacuum ?? null, activity?.lastAutovacuum ?? null);
  const analyze = newest(activity?.lastAnalyze ?? null, activity?.lastAutoanalyze ?? null);
  return {
    oid: leaf.oid,
    schema: leaf.schema,
    name: leaf.name,
    root: quoteQualified(root.schema, root.name),
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
    deadRows: counted?.deadRows ?? null,
    inserted: counted?.inserted ?? null,
    updated: counted?.updated ?? null,
    deleted: counted?.deleted ?? null,
    seqScans: counted?.seqScans ?? null,
    indexScans: counted?.indexScans ?? null,
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
