"use client";

import { TriangleAlert } from "lucide-react";
import type { Column } from "@/components/ui/data-table-props.ts";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useNow } from "@/lib/client/now.ts";
import type { PartitionRow } from "@/lib/partitions/types.ts";
import { nameRelation } from "@/lib/quote-sql.ts";
import { lockInWords } from "./partition-lock.tsx";
import { PartitionMenu } from "./partition-menu.tsx";
import { laneLabel, shortCoverage } from "./partition-words.ts";

const figure = (
  id: string,
  header: string,
  value: (row: PartitionRow) => number | null,
  more: Partial<Column<PartitionRow>> = {},
): Column<PartitionRow> => ({ id, header, value, unit: "count", ...more });

/** Columns of the partition table; their ids are what the URL sorts by (partition-inputs.ts maps them to the read). */
export const partitionColumns: Column<PartitionRow>[] = [
  {
    id: "name",
    header: "Partition",
    value: nameRelation,
    cell: (row) => <NameCell row={row} />,
  },
  { id: "branch", header: "Branch", value: (row) => laneLabel(row.branch), from: "sm" },
  {
    id: "bounds",
    header: "Covers (UTC)",
    value: (row) => row.from ?? row.bounds,
    cell: (row) => (
      <span title={row.bounds ?? undefined}>
        {shortCoverage(row)} <Planned from={row.from} />
      </span>
    ),
  },
  figure("rows", "Rows, est.", (row) => row.rowsEstimated, { help: "Live rows by the statistics" }),
  figure("total", "Size", (row) => row.totalBytes, {
    unit: "bytes",
    help: "Table, indexes and TOAST together",
  }),
  figure("table", "Table", (row) => row.tableBytes, { unit: "bytes", from: "lg" }),
  figure("index", "Indexes", (row) => row.indexBytes, { unit: "bytes", from: "lg" }),
  figure("toast", "TOAST", (row) => row.toastBytes, { unit: "bytes", from: "lg" }),
  figure("dead", "Dead rows", (row) => row.deadRows, { from: "sm" }),
  {
    id: "vacuum",
    header: "Last vacuum",
    value: (row) => row.lastVacuum,
    cell: (row) => <Visited at={row.lastVacuum} automatic={row.lastVacuumAutomatic} />,
    from: "sm",
  },
  {
    id: "analyze",
    header: "Last analyze",
    value: (row) => row.lastAnalyze,
    cell: (row) => <Visited at={row.lastAnalyze} automatic={row.lastAnalyzeAutomatic} />,
    from: "sm",
  },
  {
    id: "plans",
    header: "Plans",
    value: () => null,
    cell: (row) => <PartitionMenu row={row} />,
    sortable: false,
    silentHeader: true,
    align: "right",
    tight: true,
  },
  figure("inserted", "Inserted", (row) => row.inserted, {
    hidden: true,
    help: "Rows since the counters began",
  }),
  figure("changed", "Updated", (row) => row.updated, { hidden: true, help: "Rows since the counters began" }),
  figure("deleted", "Deleted", (row) => row.deleted, { hidden: true, help: "Rows since the counters began" }),
  figure("seqScans", "Whole reads", (row) => row.seqScans, { hidden: true, help: "Sequential scans" }),
  figure("indexScans", "Index reads", (row) => row.indexScans, { hidden: true, help: "Index scans" }),
];

function NameCell({ row }: { row: PartitionRow }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      {nameRelation(row)}
      {row.isDefault && <StateBadge state={row.rowsEstimated ? "warning" : "notice"}>default</StateBadge>}
      {row.detachPending && <StateBadge state="warning">detaching</StateBadge>}
      {row.lockedBy && (
        <span title={lockInWords(row.lockedBy)}>
          <StateBadge state="warning">
            {row.lockedBy.granted ? "locked by" : "awaited by"} {row.lockedBy.pid}
          </StateBadge>
        </span>
      )}
      {row.bytesFrom === "estimated" && row.totalBytes !== null && (
        <TriangleAlert className="size-3 text-faint" aria-label="Sizes are estimated" />
      )}
    </span>
  );
}

/** Says that a partition waits for rows to come. */
function Planned({ from }: { from: string | null }) {
  const now = useNow();
  return from !== null && now !== null && Date.parse(from) > now ? (
    <span className="text-faint">planned</span>
  ) : null;
}

function Visited({ at, automatic }: { at: Date | null; automatic: boolean }) {
  if (!at) return <span className="text-faint">never</span>;
  return (
    <>
      <Time at={at} />
      <span className="text-faint">{automatic ? " auto" : " manual"}</span>
    </>
  );
}
