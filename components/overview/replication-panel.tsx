"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { describeServer, describeTopology } from "@/components/replication/server-words.ts";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { StateBadge, StateIcon } from "@/components/ui/state-badge.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import { useTarget } from "@/lib/client/use-target.ts";
import type { ReplicationServer } from "@/lib/replication/types.ts";
import { overviewInputs } from "./overview-inputs.ts";

/** The primary and every standby, those that are gone too, and how far each is behind. */
export function ReplicationPanel() {
  const read = useRead("replicationTopology", overviewInputs.replication());
  const target = useTarget();
  return (
    <Panel
      id="replication"
      title="Replication"
      read={read}
      height={220}
      actions={
        <ConsoleLink
          href={`/${encodeURIComponent(target)}/replication`}
          className="rounded-sm px-1.5 text-sm text-accent hover:underline"
        >
          Who follows whom
        </ConsoleLink>
      }
      info={{
        what: "The configured servers and everyone they feed. Behind is WAL that was not replayed yet, and its age; a standby that has replayed all there is counts as 0 only while it is connected.",
        sql: "select pid, application_name, client_addr, state, sync_state,\n  pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) as lag_bytes, replay_lag\nfrom pg_stat_replication;",
      }}
      table={(servers) => ({
        columns: columns.map((column) => ({
          label: column.header,
          ...(column.unit && { unit: column.unit }),
        })),
        rows: servers.map((server) => columns.map((column) => column.value(server))),
      })}
    >
      {(servers) => <Servers servers={servers} />}
    </Panel>
  );
}

function Servers({ servers }: { servers: readonly ReplicationServer[] }) {
  const { state, title } = describeTopology(servers);
  const [own] = servers;
  const standbys = servers.filter((server) => server !== own);
  return (
    <div className="grid gap-2">
      <strong className="text-lg font-semibold tracking-tight">
        {own?.role === "standby" ? "Standby" : "Primary"}
      </strong>
      <p className="flex items-start gap-2 text-sm">
        <StateIcon state={state} className="mt-0.5" />
        {title}
      </p>
      {standbys.length === 0 && own?.role === "primary" && (
        <p className="max-w-120 text-sm text-muted">
          No standby is connected, so there is no lag to measure and no second copy kept by streaming. When
          this server is lost, what was written since its last backup is lost with it.
        </p>
      )}
      {standbys.length > 0 && (
        <DataTable
          id="standbys"
          label="Standbys"
          rows={standbys}
          columns={columns}
          rowKey={(server) => server.key}
          toolbar={false}
          maxHeight={180}
        />
      )}
    </div>
  );
}

const columns: Column<ReplicationServer>[] = [
  {
    id: "name",
    header: "Server",
    value: (server) => server.name,
    cell: (server) => <span title={server.key}>{server.name}</span>,
    grow: true,
  },
  {
    id: "state",
    header: "State",
    value: (server) => describeServer(server).word,
    cell: (server) => {
      const { state, word, why } = describeServer(server);
      return (
        <span title={why ?? undefined}>
          <StateBadge state={state}>{word}</StateBadge>
        </span>
      );
    },
  },
  { id: "lagBytes", header: "Behind", value: (server) => server.lagBytes, unit: "bytes" },
  { id: "lagSeconds", header: "Age", value: (server) => server.lagSeconds, unit: "seconds", from: "sm" },
];
