"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { type State, StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import type { Slot } from "@/lib/replication/get-slots.ts";

const gigabyte = 1e9;

/** Slots make the server keep WAL until their reader has it: one that nobody reads fills the disk. */
export function SlotsPanel({ className }: { className: string }) {
  const read = useRead("replicationSlots", {});
  return (
    <Panel
      id="slots"
      title="Slots"
      read={read}
      height={136}
      flush
      className={className}
      info={{
        what: "A slot keeps WAL, and rows that vacuum could remove, until its reader has them. One without a reader fills the disk, unless max_slot_wal_keep_size lets it be lost.",
        sql: "select slot_name, active, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), wal_status, safe_wal_size\nfrom pg_replication_slots;",
      }}
      empty={(slots) => slots.length === 0 && "No slot keeps WAL back"}
      table={(slots) => ({
        columns: columns.map((column) => ({
          label: column.header,
          ...(column.unit && { unit: column.unit }),
        })),
        rows: slots.map((slot) => columns.map((column) => column.value(slot))),
      })}
    >
      {(slots) => (
        <DataTable
          id="slots"
          label="Slots"
          rows={slots}
          columns={columns}
          rowKey={(slot) => slot.name}
          toolbar={false}
          maxHeight={280}
        />
      )}
    </Panel>
  );
}

function judge({ walStatus, lostBecause, active, synced, retainedBytes }: Slot): [State, string] {
  // A standby's copy of its primary's slot: the server sees to it.
  const lost = walStatus === "lost" || lostBecause !== null;
  if (synced) return lost ? ["notice", "copy is lost"] : ["ok", "in step with the primary's"];
  if (lost) return ["critical", "lost"];
  if (walStatus === "unreserved") return ["critical", "about to be lost"];
  const much = (retainedBytes ?? 0) > gigabyte;
  if (!active) return [much ? "warning" : "notice", "nobody reads it"];
  return much ? ["warning", "reader is behind"] : ["ok", "read"];
}

const columns: Column<Slot>[] = [
  { id: "name", header: "Slot", value: (slot) => slot.name, grow: true },
  {
    id: "state",
    header: "State",
    value: (slot) => judge(slot)[1],
    cell: (slot) => (
      <span title={slot.lostBecause?.replaceAll("_", " ")}>
        <StateBadge state={judge(slot)[0]}>{judge(slot)[1]}</StateBadge>
      </span>
    ),
  },
  {
    id: "reader",
    header: "Reader",
    value: (slot) => slot.reader,
    cell: (slot) =>
      slot.reader ??
      (slot.inactiveSince && (
        <span className="text-faint">
          gone <Time at={slot.inactiveSince} />
        </span>
      )),
    from: "sm",
  },
  { id: "type", header: "Type", value: (slot) => slot.type, from: "lg" },
  {
    id: "retained",
    header: "WAL kept",
    value: (slot) => slot.retainedBytes,
    unit: "bytes",
    help: "WAL that the server may not remove because of this slot",
  },
  {
    id: "safe",
    header: "Until lost",
    value: (slot) => slot.safeBytes,
    unit: "bytes",
    from: "lg",
    help: "WAL that can still be written before the slot is lost; empty without max_slot_wal_keep_size",
  },
  {
    id: "xmin",
    header: "Holds vacuum",
    value: (slot) => slot.xminAge,
    unit: "count",
    from: "lg",
    help: "Age, in transactions, of the oldest rows that vacuum must keep for it",
  },
];
