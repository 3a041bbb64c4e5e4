"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { ReplicaConflicts } from "@/lib/replication/get-conflicts.ts";

/** Reads that recovery cancelled on each replica, as that replica counts them. */
export function ConflictsPanel({ className }: { className: string }) {
  const read = useRead("recoveryConflicts", {});
  return (
    <Panel
      id="conflicts"
      title="Reads cancelled by recovery"
      read={read}
      height={148}
      className={className}
      info={{
        what: "A replica must replay what the primary did, even where a read on it still needs the old rows: past max_standby_streaming_delay the read is cancelled. hot_standby_feedback avoids it, at the price of rows that the primary must keep. Counted in the audit database since its statistics were reset.",
        sql: "select confl_snapshot, confl_lock, confl_bufferpin, confl_deadlock, confl_tablespace\nfrom pg_stat_database_conflicts;  -- on the replica",
      }}
      empty={(rows) => rows.length === 0 && "No replica is configured, so none can be asked"}
      table={conflictsTable}
    >
      {(rows) => (
        <DataTable
          id="conflicts"
          label="Cancelled reads"
          rows={rows}
          columns={columns}
          rowKey={(row) => row.node}
          toolbar={false}
          maxHeight={280}
        />
      )}
    </Panel>
  );
}

function figure(
  id: keyof NonNullable<ReplicaConflicts["cancelled"]>,
  header: string,
  help: string,
  from?: "sm" | "lg",
): Column<ReplicaConflicts> {
  return { id, header, help, from, value: (row) => row.cancelled?.[id] ?? null, unit: "count" };
}

const columns: Column<ReplicaConflicts>[] = [
  { id: "node", header: "Replica", value: (row) => row.node, grow: true },
  figure("total", "All", "Every read that recovery cancelled"),
  figure("snapshot", "Old rows", "It still needed rows that vacuum had removed on the primary", "sm"),
  figure("lock", "Locks", "It held back a lock that the primary had taken", "sm"),
  {
    id: "others",
    header: "Others",
    help: "Pages that replay had to clean, deadlocks with it, dropped tablespaces, decoding; each in the table view",
    value: ({ cancelled }) =>
      cancelled && cancelled.bufferpin + cancelled.deadlock + cancelled.tablespace + (cancelled.slot ?? 0),
    unit: "count",
    from: "lg",
  },
  {
    id: "patience",
    header: "Waits",
    help: "max_standby_streaming_delay: how long replay waits for a read before it cancels it",
    value: (row) => (row.patience === "-1" ? "for ever" : row.patience),
    from: "sm",
  },
  {
    id: "feedback",
    header: "Feedback",
    help: "hot_standby_feedback: the primary keeps rows that are still read there",
    value: (row) => (row.feedback === null ? null : row.feedback ? "on" : "off"),
    from: "lg",
  },
];

function conflictsTable(rows: readonly ReplicaConflicts[]) {
  const kinds = ["total", "snapshot", "lock", "bufferpin", "deadlock", "tablespace", "slot"] as const;
  return {
    columns: [
      { label: "replica" },
      ...["all", "old rows", "locks", "pins", "deadlocks", "tablespaces", "decoding"].map((label) => ({
        label,
        unit: "count" as const,
      })),
      { label: "max_standby_streaming_delay" },
      { label: "hot_standby_feedback" },
      { label: "since" },
    ],
    rows: rows.map(({ node, cancelled, patience, feedback, since }) => [
      node,
      ...kinds.map((kind) => cancelled?.[kind] ?? null),
      patience,
      feedback,
      since,
    ]),
  };
}
