"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { type Column, DataTable } from "@/components/ui/data-table.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import type { ReplicaConflicts } from "@/lib/replication/get-conflicts.ts";

/** Reads that recovery cancelled on each replica, as that replica counts them. */
export function ConflictsPanel() {
  const read = useRead("recoveryConflicts", {});
  return (
    <Panel
      id="conflicts"
      title="Reads cancelled by recovery"
      read={read}
      height={190}
      info={{
        what: "A replica must replay what the primary did, even where a read on it still needs the old rows: past max_standby_streaming_delay the read is cancelled. hot_standby_feedback avoids it, at the price of rows that the primary must keep.",
        sql: "select confl_snapshot, confl_lock, confl_bufferpin, confl_deadlock, confl_tablespace\nfrom pg_stat_database_conflicts;  -- on the replica",
      }}
      empty={(rows) =>
        rows.length === 0 && "No replica is configured, so none can be asked (AUDIT_REPLICA_URLS)"
      }
      table={(rows) => ({
        columns: columns.map((column) => ({
          label: column.header,
          ...(column.unit && { unit: column.unit }),
        })),
        rows: rows.map((row) => columns.map((column) => column.value(row))),
      })}
    >
      {(rows) => (
        <DataTable
          id="conflicts"
          label="Cancelled reads"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.node}
          toolbar={false}
          maxHeight={180}
        />
      )}
    </Panel>
  );
}

const columns: Column<ReplicaConflicts>[] = [
  { id: "node", header: "Replica", value: (row) => row.node, grow: true },
  { id: "snapshot", header: "Old rows", value: (row) => row.cancelled?.snapshot ?? null, unit: "count" },
  { id: "lock", header: "Locks", value: (row) => row.cancelled?.lock ?? null, unit: "count" },
  { id: "pin", header: "Pins", value: (row) => row.cancelled?.bufferpin ?? null, unit: "count", priority: 2 },
  {
    id: "deadlock",
    header: "Deadlocks",
    value: (row) => row.cancelled?.deadlock ?? null,
    unit: "count",
    priority: 2,
  },
  {
    id: "since",
    header: "Since",
    value: (row) => row.since,
    cell: (row) => <Time at={row.since} show="moment" className="text-muted" />,
    priority: 3,
  },
];
