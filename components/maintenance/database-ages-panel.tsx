"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { DatabaseAge } from "@/lib/maintenance/get-database-ages.ts";
import { tableOf } from "./table-of.ts";

/** How much of its transaction ids each database has used: the oldest one stops the whole server. */
export function DatabaseAgesPanel() {
  const read = useRead("databaseAges", {});
  return (
    <Panel
      id="database-ages"
      title="Transaction ids used"
      unit="by database"
      read={read}
      height={190}
      flush
      info={{
        what: "Ids assigned since a database's oldest row was frozen, as a share of those the server can assign before it refuses every write. Autovacuum freezes from autovacuum_freeze_max_age on. Checksum failures are damaged pages; a dash means that the cluster has no data checksums.",
        sql: "select datname, age(datfrozenxid), mxid_age(datminmxid) from pg_database order by 2 desc;\nselect datname, checksum_failures from pg_stat_database;",
      }}
      table={(rows) => tableOf(columns, rows)}
    >
      {(rows) => (
        <DataTable
          id="ages"
          label="Databases"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.name ?? ""}
          toolbar={false}
          maxHeight={280}
        />
      )}
    </Panel>
  );
}

const columns: Column<DatabaseAge>[] = [
  { id: "name", header: "Database", value: (row) => row.name ?? "shared catalogues", grow: true },
  {
    id: "transactions",
    header: "Transaction ids",
    value: (row) => row.transactionShare,
    unit: "ratio",
    title: (row) => row.transactions?.toLocaleString("en-US"),
    help: "Share of the ids it can use until the server refuses to write",
  },
  {
    id: "multixacts",
    header: "Multixact ids",
    value: (row) => row.multixactShare,
    unit: "ratio",
    title: (row) => row.multixacts?.toLocaleString("en-US"),
    from: "sm",
    help: "The same for rows that several transactions lock at once",
  },
  {
    id: "checksums",
    header: "Checksum failures",
    value: (row) => row.checksumFailures,
    unit: "count",
    help: "Pages found damaged since counting began",
  },
];
