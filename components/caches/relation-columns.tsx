import type { Column } from "@/components/ui/data-table-props.ts";
import { Badge } from "@/components/ui/state-badge.tsx";
import type { RelationCacheHits } from "@/lib/buffers/types.ts";
import { formatRatio } from "@/lib/client/format.ts";
import { quoteIdentifier, quoteQualified } from "@/lib/quote-sql.ts";

/** All blocks of a relation: its own, its indexes' and its TOAST's. */
export const allHits = (row: RelationCacheHits) => row.hits + (row.indexHits ?? 0) + (row.toastHits ?? 0);
export const allReads = (row: RelationCacheHits) => row.reads + (row.indexReads ?? 0) + (row.toastReads ?? 0);

export const relationKey = (row: RelationCacheHits) => quoteQualified(row.schema, row.name);

/** No pages although blocks were asked for: never vacuumed nor analyzed, so its size is not known yet. */
export const sizeOf = (row: RelationCacheHits) =>
  row.sizeBytes === 0 && allHits(row) + allReads(row) > 0 ? null : row.sizeBytes;

/** Columns by kind; `blocks` is the sum of all rows' blocks, for the share bars. */
export function relationColumns(kind: "table" | "index", mostBlocks: number): Column<RelationCacheHits>[] {
  const name: Column<RelationCacheHits> = {
    id: "name",
    header: kind === "table" ? "Table" : "Index",
    value: relationKey,
    cell: (row) => (
      <span className="inline-flex items-center gap-1.5">
        {row.schema !== "public" && <span className="text-faint">{quoteIdentifier(row.schema)}.</span>}
        {quoteIdentifier(row.name)}
        {row.partitions !== null && <Badge>{row.partitions} partitions</Badge>}
      </span>
    ),
  };
  const table: Column<RelationCacheHits> = {
    id: "table",
    header: "Of table",
    value: (row) => row.table,
    from: "sm",
  };
  return [
    name,
    ...(kind === "index" ? [table] : []),
    {
      id: "blocks",
      header: "Blocks asked for",
      value: (row) => allHits(row) + allReads(row),
      unit: "count",
      from: "sm",
    },
    {
      id: "share-bar",
      header: "Found · read",
      value: (row) => row.share,
      cell: (row) => <SplitBar row={row} mostBlocks={mostBlocks} />,
      help: "Length: blocks asked for, against the most asked-for. Orange: read past shared_buffers",
      width: 150,
      from: "lg",
    },
    {
      id: "share",
      header: "Found",
      value: (row) => row.share,
      unit: "ratio",
      help: "Found in shared_buffers ÷ asked for",
    },
    { id: "hits", header: "Blocks found", value: allHits, unit: "count", hidden: true },
    { id: "reads", header: "Blocks read", value: allReads, unit: "count", help: "Read past shared_buffers" },
    {
      id: "size",
      header: "Size",
      value: sizeOf,
      unit: "bytes",
      help: "As of its last vacuum or analyze",
    },
  ];
}

function SplitBar({ row, mostBlocks }: { row: RelationCacheHits; mostBlocks: number }) {
  const [hits, reads] = [allHits(row), allReads(row)];
  if (hits + reads === 0) return <span className="text-faint">never asked for</span>;
  // Square root, so that the small ones can be seen; the exact figures stand beside it.
  const width = Math.max(3, Math.sqrt((hits + reads) / Math.max(1, mostBlocks)) * 100);
  return (
    <span className="block w-32">
      <span
        role="img"
        aria-label={`${formatRatio(row.share)} found in shared_buffers`}
        className="flex h-2 overflow-hidden rounded-[2px]"
        style={{ width: `${width}%` }}
      >
        <span style={{ flexGrow: hits, background: "var(--series-3)" }} />
        <span style={{ flexGrow: reads, background: "var(--series-6)" }} />
      </span>
    </span>
  );
}
