"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { Time } from "@/components/ui/time.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import type { PreparedTransaction } from "@/lib/maintenance/get-prepared-transactions.ts";
import { tableOf } from "./table-of.ts";

/** Two-phase transactions that nobody has ended: they outlive restarts and hold locks meanwhile. */
export function PreparedTransactionsPanel() {
  const read = useRead("preparedTransactions", {});
  return (
    <Panel
      id="prepared-transactions"
      title="Prepared transactions"
      unit="the oldest first"
      read={read}
      height={110}
      flush
      info={{
        what: "A transaction manager prepared them and has not said yet whether they commit. They keep their locks, and vacuum keeps every row that died since; a restart does not end them.",
        sql: "select gid, prepared, owner, database from pg_prepared_xacts order by prepared;",
      }}
      empty={(rows) => rows.length === 0 && "No prepared transaction is open"}
      table={(rows) => tableOf(columns, rows)}
    >
      {(rows) => (
        <DataTable
          id="prepared"
          label="Prepared transactions"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.id}
          toolbar={false}
          maxHeight={280}
        />
      )}
    </Panel>
  );
}

const columns: Column<PreparedTransaction>[] = [
  { id: "id", header: "Id", value: (row) => row.id, grow: true },
  {
    id: "prepared",
    header: "Prepared",
    value: (row) => row.prepared,
    cell: (row) => <Time at={row.prepared} />,
  },
  { id: "database", header: "Database", value: (row) => row.database, from: "sm" },
  { id: "owner", header: "Owner", value: (row) => row.owner, from: "sm" },
];
