"use client";

import { Meter } from "@/components/charts/meter.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { type Column, DataTable } from "@/components/ui/data-table.tsx";
import { type State, StateBadge } from "@/components/ui/state-badge.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import type { ConsoleNode } from "@/lib/replication/get-nodes.ts";

/** The servers the console was given, and which of them serves which share of its reads. */
export function NodesPanel() {
  const read = useRead("replicationNodes", {});
  return (
    <Panel
      id="nodes"
      title="Servers the console reads from"
      read={read}
      height={190}
      info={{
        what: "Every server of AUDIT_DATABASE_URL and AUDIT_REPLICA_URLS, probed each second where there are several. One that lags, hangs or fails is drained until it is well. Reads are those of every process of the console since it began.",
      }}
      table={(nodes) => ({
        columns: columns.map((column) => ({
          label: column.header,
          ...(column.unit && { unit: column.unit }),
        })),
        rows: nodes.map((node) => columns.map((column) => column.value(node))),
      })}
    >
      {(nodes) => (
        <DataTable
          id="nodes"
          label="Servers"
          rows={nodes}
          columns={columns}
          rowKey={(node) => node.name}
          toolbar={false}
          maxHeight={180}
        />
      )}
    </Panel>
  );
}

const states: Record<ConsoleNode["state"], State> = {
  connecting: "notice",
  up: "ok",
  drained: "warning",
  down: "critical",
  stale: "critical",
  foreign: "critical",
};

const columns: Column<ConsoleNode>[] = [
  { id: "name", header: "Server", value: (node) => node.name, grow: true },
  { id: "role", header: "Role", value: (node) => node.role },
  {
    id: "state",
    header: "State",
    value: (node) => node.state,
    cell: (node) => (
      <span title={node.reason ?? undefined}>
        <StateBadge state={states[node.state]}>{node.state}</StateBadge>
      </span>
    ),
  },
  { id: "lag", header: "Behind", value: (node) => node.lagBytes, unit: "bytes", priority: 2 },
  { id: "latency", header: "Probe", value: (node) => node.latencyMs, unit: "ms", priority: 3 },
  { id: "breaker", header: "Breaker", value: (node) => node.breaker, priority: 3 },
  {
    id: "share",
    header: "Reads",
    value: (node) => node.shareOfAll,
    unit: "ratio",
    cell: (node) => (
      <span className="inline-flex items-center justify-end gap-2 *:first:hidden sm:*:first:grid sm:*:first:w-12">
        <Meter
          value={node.shareOfAll * 100}
          max={100}
          label={`share of reads of ${node.name}`}
          words={false}
        />
        <span>{Math.round(node.shareOfAll * 100)} %</span>
      </span>
    ),
  },
];
