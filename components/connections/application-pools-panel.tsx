"use client";

import { Meter } from "@/components/charts/meter.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { Time } from "@/components/ui/time.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import type { InstancePools } from "@/lib/connections/types.ts";
import { connectionInputs } from "./connections-inputs.ts";

type PoolRow = Omit<InstancePools, "pools"> & InstancePools["pools"][number];

/** The engine's pools, one row a process, purpose and server, with how long requests waited for a connection. */
export function ApplicationPoolsPanel() {
  const read = useRead("applicationPools", connectionInputs.pools());
  return (
    <Panel
      id="application-pools"
      title="Application pools"
      unit="by process, purpose and server"
      read={read}
      height={150}
      flush
      info={{
        what: "Each process of this product keeps a small pool for each purpose, and one more on each replica it reads from. Acquire times say how long requests waited for a connection: percentiles of the last five minutes. Held says how long they kept it. Every request ends as one of done, gave up, gone, refused or failed. A process not heard of for 20 s is called silent, and its figures are the last it gave.",
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
          rowKey={(row) => `${row.instanceId} ${row.purpose} ${row.node}`}
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

/** A pool that lent no connection lately has no times. */
function acquired(row: PoolRow, figure: keyof PoolRow["acquireMs"]): number | null {
  return row.acquireWindows?.fiveMinutes?.[figure] ?? null;
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
  {
    id: "purpose",
    header: "Purpose",
    value: (row) => row.purpose,
    cell: (row) => (
      <span className="max-sm:grid max-sm:leading-4">
        {row.purpose} <span className="font-mono text-2xs text-faint sm:pl-1">{row.node}</span>
      </span>
    ),
  },
  { id: "server", header: "Server", value: (row) => row.node, hidden: true },
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
    from: "sm",
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
    hidden: true,
    help: "Median wait for a connection",
  },
  {
    id: "p95",
    header: "p95",
    value: (row) => acquired(row, "p95"),
    unit: "ms",
    help: "95th-percentile wait for a connection",
  },
  { id: "p99", header: "p99", value: (row) => acquired(row, "p99"), unit: "ms", from: "sm" },
  { id: "max", header: "Longest", value: (row) => acquired(row, "max"), unit: "ms", from: "lg" },
  {
    id: "held",
    header: "Held p95",
    value: (row) => row.leaseWindows?.fiveMinutes?.p95 ?? null,
    unit: "ms",
    from: "lg",
    help: "95 of 100 held their connection for less",
  },
  { id: "acquired", header: "Acquired", value: (row) => row.acquired, unit: "count", from: "lg" },
  {
    id: "timedOut",
    header: "Timed out",
    value: (row) => row.timedOut,
    unit: "count",
    from: "lg",
    help: "Ran out of time, waiting or running",
  },
  {
    id: "aborted",
    header: "Abandoned",
    value: (row) => row.aborted ?? null,
    unit: "count",
    from: "lg",
    help: "The caller left; what ran was cancelled on the server",
  },
  {
    id: "rejected",
    header: "Refused",
    value: (row) => row.rejected,
    unit: "count",
    from: "lg",
    help: "The queue was full",
  },
  {
    id: "failed",
    header: "Failed",
    value: (row) => row.failed,
    unit: "count",
    from: "lg",
    help: "An error of the statement or of the connection",
  },
];
