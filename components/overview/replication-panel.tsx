"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { type Column, DataTable } from "@/components/ui/data-table.tsx";
import { type State, StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { formatBytes, formatSeconds } from "@/lib/client/format.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { ReplicationStatus, Standby } from "@/lib/replication/types.ts";
import { overviewInputs } from "./overview-inputs.ts";

/** Whether this server is a primary or a standby, who follows it, and how far behind they are. */
export function ReplicationPanel() {
  const read = useRead("replicationStatus", overviewInputs.replication());
  return (
    <Panel
      id="replication"
      title="Replication"
      read={read}
      height={220}
      info={{
        what: "Standbys as the server that feeds them sees them. Lag is WAL they have not replayed yet, and the time until its replay was confirmed; a standby that has replayed all there is counts as 0 only while it is connected.",
        sql: "select pid, application_name, client_addr, state, sync_state,\n  pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) as lag_bytes, replay_lag\nfrom pg_stat_replication;",
      }}
      table={(data) => ({
        columns: [
          { label: "standby" },
          { label: "state" },
          { label: "sync" },
          { label: "lag", unit: "bytes" },
          { label: "lag time", unit: "seconds" },
        ],
        rows: data.standbys.map((each) => [
          each.applicationName,
          each.state,
          each.syncState,
          each.lagBytes,
          each.lagSeconds,
        ]),
      })}
    >
      {(data) => (
        <div className="grid gap-3">
          <RoleLine data={data} />
          {data.receiver && <ReceiverLine receiver={data.receiver} />}
          {data.standbys.length > 0 && (
            <DataTable
              id="standbys"
              label="Standbys"
              rows={data.standbys}
              columns={columns}
              rowKey={(each) => String(each.pid)}
              toolbar={false}
              maxHeight={180}
            />
          )}
        </div>
      )}
    </Panel>
  );
}

function RoleLine({ data }: { data: ReplicationStatus }) {
  const alone = data.role === "primary" && data.standbys.length === 0;
  return (
    <div className="grid gap-1">
      <p className="flex items-center gap-2">
        <strong className="text-lg font-semibold tracking-tight">
          {data.role === "primary" ? "Primary" : "Standby"}
        </strong>
        <StateBadge state={alone ? "notice" : "ok"}>
          {data.standbys.length === 0
            ? "nobody follows"
            : `${data.standbys.length} ${data.standbys.length === 1 ? "standby" : "standbys"} connected`}
        </StateBadge>
      </p>
      {alone && (
        <p className="max-w-120 text-sm text-muted">
          No standby is connected, so there is no lag to measure and no second copy kept by streaming. When
          this server is lost, what was written since its last backup is lost with it.
        </p>
      )}
    </div>
  );
}

function ReceiverLine({ receiver }: { receiver: NonNullable<ReplicationStatus["receiver"]> }) {
  const state: State = receiver.connected ? "ok" : "critical";
  return (
    <p className="flex flex-wrap items-center gap-2 text-sm">
      <StateBadge state={state}>{receiver.connected ? "receiving" : "not receiving"}</StateBadge>
      <span className="text-muted">
        from {receiver.senderHost ?? "an unknown host"}
        {receiver.senderPort && `:${receiver.senderPort}`} · behind by {formatBytes(receiver.lagBytes)},{" "}
        {formatSeconds(receiver.lagSeconds)} · last message <Time at={receiver.lastMessageAt} />
      </span>
    </p>
  );
}

const columns: Column<Standby>[] = [
  { id: "name", header: "Standby", value: (each) => each.applicationName, grow: true },
  { id: "client", header: "Client", value: (each) => each.clientAddress, priority: 2 },
  { id: "state", header: "State", value: (each) => each.state },
  { id: "sync", header: "Sync", value: (each) => each.syncState, priority: 2 },
  { id: "lagBytes", header: "Behind", value: (each) => each.lagBytes, unit: "bytes" },
  { id: "lagSeconds", header: "Lag", value: (each) => each.lagSeconds, unit: "seconds" },
];
