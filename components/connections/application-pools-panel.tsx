"use client";

import { Meter } from "@/components/charts/meter.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { type Column, DataTable } from "@/components/ui/data-table.tsx";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import type { InstancePools } from "@/lib/connections/types.ts";
import { connectionInputs } from "./connections-inputs.ts";

type PoolRow = Omit<InstancePools, "pools"> & InstancePools["pools"][number];

/** The engine's pools, one row a process and purpose, with how long requests waited for a connection. */
export function ApplicationPoolsPanel() {
  const read = useRead("applicationPools", connectionInputs.pools());
  return (
    <Panel
      id="application-pools"
      title="Application pools"
      unit="by process and purpose"
      read={read}
      height={150}
      flush
      info={{
        what: "Each process of this product keeps a small pool for each purpose. Acquire times say how long requests waited for a connection: percentiles of each pool's latest requests. A process that missed three reports is called silent, and its figures are the last it gave.",
      }}
      empty={(data) => data.instances.length === 0 && "No process has reported its pools for this target"}
      table={(data) => ({
        columns: columns.map((column) => ({
          label: column.header,
          ...(column.unit && { unit: column.unit }),
        })),
        rows: rowsOf(data.instances).map((row) => columns.map((column) => column.value(row))),
      })}
    >
      {(data) => (
        <DataTable
          id="pools"
          label="Pools"
          rows={rowsOf(data.instances)}
          columns={columns}
          rowKey={(row) => `${row.instanceId} ${row.purpose}`}
          maxHeight={420}
          toolbar={false}
        />
      )}
    </Panel>
  );
}

function rowsOf(instances: readonly InstancePools[]): PoolRow[] {
  return instances.flatMap(({ pools, ...instance }) => pools.map((pool) => ({ ...instance, ...pool })));
}

/** A pool that never lent a connection has no times. */
function acquired(row: PoolRow, figure: keyof PoolRow["acquireMs"]): number | null {
  return row.acquired > 0 ? row.acquireMs[figure] : null;
}

const columns: Column<PoolRow>[] = [
  {
    id: "process",
    header: "Process",
    value: (row) => `${row.kind} ${row.pid}`,
    cell: (row) => (
      <span title={row.host}>
        {row.kind} <span className="font-mono text-xs text-faint">{row.pid}</span>
      </span>
    ),
  },
  { id: "purpose", header: "Purpose", value: (row) => row.purpose },
  {
    id: "reported",
    header: "Reported",
    value: (row) => row.heartbeatAt,
    cell: (row) =>
      row.silentSince ? (
        <StateBadge state="warning">
          silent since <Time at={row.silentSince} show="moment" />
        </StateBadge>
      ) : (
        <Time at={row.heartbeatAt} className="text-muted" />
      ),
    priority: 2,
  },
  {
    id: "used",
    header: "In use",
    value: (row) => row.active,
    unit: "count",
    cell: (row) => (
      <span className="inline-flex items-center justify-end gap-2 *:first:hidden sm:*:first:grid sm:*:first:w-12">
        <Meter value={row.active} max={row.max} label={`${row.purpose} pool in use`} words={false} />
        <span>
          {row.active} of {row.max}
        </span>
      </span>
    ),
  },
  {
    id: "waiting",
    header: "Waiting",
    value: (row) => row.waiting,
    unit: "count",
    cell: (row) =>
      row.waiting > 0 ? <strong className="font-semibold text-(--series-6)">{row.waiting}</strong> : "0",
  },
  {
    id: "p50",
    header: "p50",
    value: (row) => acquired(row, "p50"),
    unit: "ms",
    priority: 3,
    help: "Half waited less for a connection",
  },
  {
    id: "p95",
    header: "p95",
    value: (row) => acquired(row, "p95"),
    unit: "ms",
    help: "95 of 100 waited less for a connection",
  },
  { id: "p99", header: "p99", value: (row) => acquired(row, "p99"), unit: "ms", priority: 2 },
  { id: "max", header: "Longest", value: (row) => acquired(row, "max"), unit: "ms", priority: 3 },
  { id: "acquired", header: "Lent out", value: (row) => row.acquired, unit: "count", priority: 3 },
  {
    id: "timedOut",
    header: "Gave up",
    value: (row) => row.timedOut,
    unit: "count",
    priority: 3,
    help: "Waited too long in the queue",
  },
  {
    id: "rejected",
    header: "Refused",
    value: (row) => row.rejected,
    unit: "count",
    priority: 3,
    help: "The queue was full",
  },
  {
    id: "failed",
    header: "Failed",
    value: (row) => row.failed,
    unit: "count",
    priority: 3,
    help: "The connection could not be made",
  },
];
