"use client";

import { Meter } from "@/components/charts/meter.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { type State, StateBadge } from "@/components/ui/state-badge.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import type { ConsoleNode } from "@/lib/replication/get-nodes.ts";

/** The servers the console was given, and which of them serves which share of its reads. */
export function NodesPanel({ className }: { className: string }) {
  const read = useRead("replicationNodes", {});
  return (
    <Panel
      id="nodes"
      title="Who answers our reads"
      read={read}
      height={148}
      className={className}
      info={{
        what: "Every server of AUDIT_DATABASE_URL and AUDIT_REPLICA_URLS, probed each second where there are several. Events and exports are read from the nearest server that is fresh enough, everything about the primary from the primary. One that lags, hangs or fails is drained until it is well; after five failures in a row its circuit breaker opens and nothing waits for it. Reads are those of every process of the console since it began.",
      }}
      table={(nodes) => ({
        columns: [
          ...columns.map((column) => ({ label: column.header, ...(column.unit && { unit: column.unit }) })),
          { label: "Role" },
          { label: "Reason" },
        ],
        rows: nodes.map((node) => [...columns.map((column) => column.value(node)), node.role, node.reason]),
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
          maxHeight={280}
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

const breakers: Record<NonNullable<ConsoleNode["breaker"]>, [State, string]> = {
  closed: ["ok", "closed"],
  half_open: ["notice", "trying"],
  open: ["critical", "open"],
};

const columns: Column<ConsoleNode>[] = [
  { id: "name", header: "Server", value: (node) => node.name, grow: true },
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
  {
    id: "breaker",
    header: "Breaker",
    help: "closed: requests go through; open: refused at once; trying: one goes through to see",
    value: (node) => node.breaker,
    cell: (node) =>
      node.breaker && <StateBadge state={breakers[node.breaker][0]}>{breakers[node.breaker][1]}</StateBadge>,
    from: "sm",
  },
  {
    id: "latency",
    header: "Probe",
    help: "Round trip of the health probe",
    value: (node) => (node.state === "down" ? null : node.latencyMs),
    unit: "ms",
    from: "lg",
  },
  { id: "reads", header: "Reads", value: (node) => node.readsByAll, unit: "count", from: "sm" },
  {
    id: "share",
    header: "Share",
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
        <span className="w-9">{Math.round(node.shareOfAll * 100)} %</span>
      </span>
    ),
  },
];
