"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import type { IndexFault } from "@/lib/maintenance/get-index-faults.ts";
import { nameRelation } from "@/lib/quote-sql.ts";
import { tableOf } from "./table-of.ts";

/** Indexes that cost every write and help no query. */
export function IndexFaultsPanel() {
  const read = useRead("indexFaults", {});
  const hidden = read.data?.invalidKnown === false;
  return (
    <Panel
      id="index-faults"
      title="Invalid and duplicate indexes"
      unit={hidden ? "duplicates only: builds are not shown here" : "in this database"}
      read={read}
      height={110}
      flush
      info={{
        what: "An invalid index was left by a build that failed: writes keep it, no query uses it. A duplicate has the table, columns, order and predicate of another index that stays. A standby does not show what its primary is building.",
        sql: "select indexrelid::regclass, indrelid::regclass from pg_index where not indisvalid;",
      }}
      empty={({ faults, invalidKnown }) =>
        faults.length === 0 &&
        (invalidKnown ? "No index is invalid or a duplicate" : "No index is a duplicate")
      }
      table={({ faults }) => tableOf(columns, faults)}
    >
      {({ faults }) => (
        <DataTable
          id="indexes"
          label="Indexes"
          rows={faults}
          columns={columns}
          rowKey={(row) => `${row.fault} ${nameRelation(row)} ${row.columns ?? ""}`}
          toolbar={false}
          maxHeight={280}
        />
      )}
    </Panel>
  );
}

const columns: Column<IndexFault>[] = [
  { id: "name", header: "Index", value: nameRelation, grow: true },
  {
    id: "fault",
    header: "Fault",
    value: (row) => row.fault,
    cell: (row) => <StateBadge state="warning">{row.fault}</StateBadge>,
    title: (row) => (row.kept ? `The same as ${row.kept}` : undefined),
  },
  { id: "kept", header: "Same as", value: (row) => row.kept, from: "lg" },
  { id: "table", header: "Table", value: (row) => row.table, from: "sm" },
  {
    id: "count",
    header: "Count",
    value: (row) => row.count,
    unit: "count",
    from: "lg",
    help: "Of a partitioned table: on how many of its partitions",
  },
  { id: "bytes", header: "Size", value: (row) => row.bytes, unit: "bytes", from: "sm" },
];
