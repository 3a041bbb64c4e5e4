"use client";

import { Database, DatabaseZap } from "lucide-react";
import type { ReactNode } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { type State, StateBadge } from "@/components/ui/state-badge.tsx";
import { formatBytes, formatSeconds } from "@/lib/client/format.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { ReplicationStatus, Standby } from "@/lib/replication/types.ts";

/** The server and those who follow it, drawn, with how much WAL waits at each stage on the way. */
export function TopologyPanel() {
  const read = useRead("replicationStatus", {});
  return (
    <Panel
      id="topology"
      title="Who follows whom"
      read={read}
      height={150}
      className="xl:col-span-2"
      info={{
        what: "This server, and its standbys as it sees them. On its way a change is sent, written, flushed and replayed; what waits at each stage is the WAL that has not passed it. A standby that has replayed all there is counts as 0 only while it is connected.",
        sql: "select application_name, state, sync_state, sent_lsn, write_lsn, flush_lsn, replay_lsn, replay_lag\nfrom pg_stat_replication;",
      }}
      table={(data) => ({
        columns: [
          { label: "standby" },
          { label: "state" },
          { label: "sync" },
          { label: "not sent", unit: "bytes" },
          { label: "not written", unit: "bytes" },
          { label: "not flushed", unit: "bytes" },
          { label: "not replayed", unit: "bytes" },
          { label: "lag", unit: "seconds" },
        ],
        rows: data.standbys.map((each) => [
          nameOf(each),
          each.state,
          each.syncState,
          each.sentLagBytes,
          each.writtenLagBytes,
          each.flushedLagBytes,
          each.lagBytes,
          each.lagSeconds,
        ]),
      })}
    >
      {(data) => (
        <div className="flex flex-col gap-4 md:flex-row md:items-center">
          <Here data={data} />
          {data.standbys.length === 0 ? <Alone role={data.role} /> : <Followers standbys={data.standbys} />}
        </div>
      )}
    </Panel>
  );
}

function Box({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <div className="grid min-w-0 gap-1 rounded-lg border border-hairline-strong bg-panel p-3 [&_svg]:size-4">
      <p className="flex items-center gap-2 font-medium">
        {icon}
        <span className="truncate">{title}</span>
      </p>
      {children}
    </div>
  );
}

function Here({ data: { role, receiver } }: { data: ReplicationStatus }) {
  return (
    <div className="md:w-60 md:shrink-0">
      <Box icon={<DatabaseZap aria-hidden />} title={role === "primary" ? "This primary" : "This standby"}>
        {receiver ? (
          <>
            <div>
              <StateBadge state={receiver.connected ? "ok" : "critical"}>
                {receiver.connected ? "receiving" : "not receiving"}
              </StateBadge>
            </div>
            <p className="text-sm text-muted">
              from {receiver.senderHost ?? "an unknown host"}, {formatBytes(receiver.lagBytes)} and{" "}
              {formatSeconds(receiver.lagSeconds)} behind
            </p>
          </>
        ) : (
          <p className="text-sm text-muted">writes the WAL that the others replay</p>
        )}
      </Box>
    </div>
  );
}

function Alone({ role }: { role: ReplicationStatus["role"] }) {
  return (
    <div className="grid max-w-160 gap-1.5 text-sm text-muted">
      <p className="font-medium text-ink">Nobody follows this {role}.</p>
      <p>
        There is no second copy kept by streaming: when this server is lost, what was written since its last
        backup is lost with it. A standby is a copy made by pg_basebackup with{" "}
        <code className="font-mono">standby.signal</code> and{" "}
        <code className="font-mono">primary_conninfo</code>, connecting as a role with REPLICATION.
      </p>
      <p>
        To let the console read from it as well, name it in{" "}
        <code className="font-mono">AUDIT_REPLICA_URLS</code>.
      </p>
    </div>
  );
}

function Followers({ standbys }: { standbys: readonly Standby[] }) {
  return (
    <ul className="grid min-w-0 grow gap-2">
      {standbys.map((standby) => (
        <li key={standby.pid} className="flex items-center gap-2">
          <span aria-hidden className="hidden h-px w-8 shrink-0 bg-hairline-strong md:block" />
          <div className="min-w-0 grow">
            <Box icon={<Database aria-hidden />} title={nameOf(standby)}>
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
                <StateBadge state={stateOf(standby)}>{standby.state ?? "state unknown"}</StateBadge>
                <span className="text-muted">{standby.syncState ?? "–"}</span>
                <Stages standby={standby} />
                <span>
                  lag {formatSeconds(standby.lagSeconds)}{" "}
                  <span className="text-faint">({formatBytes(standby.lagBytes)})</span>
                </span>
              </div>
            </Box>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Stages({ standby }: { standby: Standby }) {
  const stages = [
    ["sent", standby.sentLagBytes],
    ["written", standby.writtenLagBytes],
    ["flushed", standby.flushedLagBytes],
    ["replayed", standby.lagBytes],
  ] as const;
  return (
    <span className="flex flex-wrap gap-x-3 text-xs text-muted">
      {stages.map(([name, bytes]) => (
        <span key={name} className="whitespace-nowrap">
          not {name} <span className="text-ink tabular-nums">{formatBytes(bytes)}</span>
        </span>
      ))}
    </span>
  );
}

function stateOf({ state }: Standby): State {
  if (state === null) return "unknown";
  return state === "streaming" ? "ok" : "warning";
}

function nameOf({ applicationName, clientAddress, pid }: Standby): string {
  const name = applicationName || `process ${pid}`;
  return clientAddress ? `${name} at ${clientAddress}` : name;
}
