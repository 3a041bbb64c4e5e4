"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { IconButton } from "@/components/ui/button.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import { useListTop } from "@/components/ui/use-list-top.ts";
import { formatNumber } from "@/lib/client/format.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { PartitionRow } from "@/lib/partitions/types.ts";
import { nameRelation } from "@/lib/quote-sql.ts";
import { BulkBar } from "./bulk-bar.tsx";
import { partitionColumns } from "./partition-columns.tsx";
import { defaultSort, pageRows, qualify, type TableName, tableInput } from "./partition-inputs.ts";
import { useTablePage } from "./use-partition-url.ts";

const columnsWithoutBranch = partitionColumns.filter((column) => column.id !== "branch");

interface PartitionTableProps {
  table: TableName | null;
  openName: string | null;
  onOpen: (row: PartitionRow, rows: readonly PartitionRow[]) => void;
}

/** Every partition that holds rows; sorted, filtered and paged by the server. */
export function PartitionTable({ table, openName, onOpen }: PartitionTableProps) {
  const [sort] = useQueryState("partitions-sort", parseAsString);
  const [filter] = useQueryState("partitions-q", parseAsString.withDefault(""));
  const [page, setPage] = useTablePage();
  const asked = useDeferredValue(filter);
  const read = useRead(
    "partitionTable",
    tableInput(table ?? { schema: "", root: "" }, { sort, filter: asked, page: asked ? 1 : page }),
    { enabled: table !== null },
  );
  const [chosen, setChosen] = useState<ReadonlyMap<string, PartitionRow>>(new Map());
  const choice = useMemo(
    () => ({
      chosen: new Set(chosen.keys()),
      onChoose: (rows: readonly PartitionRow[], add: boolean) =>
        setChosen((last) => {
          const next = new Map(last);
          for (const row of rows) add ? next.set(qualify(row), row) : next.delete(qualify(row));
          return next;
        }),
      label: (row: PartitionRow) => `Select ${nameRelation(row)}`,
    }),
    [chosen],
  );
  return (
    <Panel
      id="partitions"
      title="Partitions"
      read={read}
      height={280}
      flush
      info={{
        what: "Partitions that hold rows. Rows and dead rows are the statistics' estimate; sizes are re-read every ten minutes; while somebody holds a lock on a partition its size is estimated from its pages.",
      }}
    >
      {({ rows, total }) => (
        <>
          <DataTable
            id="partitions"
            label="Partitions"
            rows={rows}
            columns={rows.some((row) => row.branch) ? partitionColumns : columnsWithoutBranch}
            rowKey={qualify}
            choice={choice}
            defaultSort={defaultSort}
            onRowClick={(row) => onOpen(row, rows)}
            selectedKey={openName}
            empty={filter ? `No partition matches “${filter}”` : "No partitions"}
            actions={
              <Pages
                page={asked ? 1 : page}
                total={total}
                there={!read.previous}
                setPage={(next) => void setPage(next)}
              />
            }
          />
          <BulkBar chosen={[...chosen.values()]} onClear={() => setChosen(new Map())} />
        </>
      )}
    </Panel>
  );
}

interface PagesProps {
  page: number;
  total: number;
  /** The rows shown are those of `page`. */
  there: boolean;
  setPage: (page: number) => void;
}

function Pages({ page, total, there, setPage }: PagesProps) {
  const box = useRef<HTMLSpanElement>(null);
  const turning = useListTop(box, page, there);
  const last = Math.max(1, Math.ceil(total / pageRows));
  if (last === 1) return null;
  function turn(to: number) {
    turning();
    setPage(to);
  }
  return (
    <span ref={box} className="flex items-center gap-1 text-xs text-muted">
      <IconButton label="Previous page" size="sm" disabled={page <= 1} onClick={() => turn(page - 1)}>
        <ChevronLeft />
      </IconButton>
      {formatNumber((page - 1) * pageRows + 1)}–{formatNumber(Math.min(total, page * pageRows))} of{" "}
      {formatNumber(total)}
      <IconButton label="Next page" size="sm" disabled={page >= last} onClick={() => turn(page + 1)}>
        <ChevronRight />
      </IconButton>
    </span>
  );
}
