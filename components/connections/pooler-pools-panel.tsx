"use client";

import { Panel } from "@/components/panel/panel.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import type { Column } from "@/components/ui/data-table-props.ts";
import { StateBadge } from "@/components/ui/state-badge.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import type { PoolerPool } from "@/lib/connections/read-pooler.ts";
import { connectionInputs } from "./connections-inputs.ts";

/**
 * PgBouncer's pools, one for each pair of user and database: one may be full while the sum is not. Where no pooler is
 * configured the lane above says so, and this is not there.
 */
export function PoolerPoolsPanel() {
  const read = useRead("poolerPools", connectionInputs.pooler());
  if ((!read.observed && !read.error) || read.observed?.unavailable) return null;
  return (
    <Panel
      id="pooler-pools"
      title="PgBouncer's pools"
      unit="one for each user and database"
      read={read}
      height={0}
      flush
      info={{
        what: "A client takes a server connection from the pool of its own user and database, and waits when that one is full, however idle the others are. At most counts the pool's reserve; limits on a database or user together (max_db_connections, max_user_connections) may be reached before.",
        sql: "-- in PgBouncer's admin console\nSHOW POOLS;\nSHOW DATABASES;\nSHOW USERS;",
      }}
      empty={({ pools }) => pools.length === 0 && "Nobody has connected through PgBouncer yet"}
      table={({ pools }) => ({
        columns: columns.map(({ header, unit }) => ({ label: header, ...(unit && { unit }) })),
        rows: pools.map((pool) => columns.map((column) => column.value(pool))),
      })}
    >
      {({ pools }) => (
        <DataTable
          id="pooler-pools"
          label="PgBouncer's pools"
          rows={pools}
          columns={columns}
          rowKey={({ user, database }) => JSON.stringify([user, database])}
          maxHeight={320}
          toolbar={false}
        />
      )}
    </Panel>
  );
}

const columns: Column<PoolerPool>[] = [
  { id: "user", header: "User", value: (pool) => pool.user, grow: true },
  {
    id: "database",
    header: "Database",
    value: (pool) => pool.database,
    cell: (pool) => (
      <>
        {pool.database} {pool.paused && <StateBadge state="warning">paused</StateBadge>}
      </>
    ),
  },
  {
    id: "active",
    header: "Served",
    value: (pool) => pool.clientsActive,
    unit: "count",
    from: "sm",
    help: "Clients that have a server connection now",
  },
  {
    id: "waiting",
    header: "Waiting",
    value: (pool) => pool.clientsWaiting,
    unit: "count",
    help: "Clients that wait for a server connection",
  },
  {
    id: "longest",
    header: "Longest wait",
    value: (pool) => (pool.clientsWaiting > 0 ? pool.maxWaitSeconds : null),
    unit: "seconds",
    from: "sm",
  },
  {
    id: "servers",
    header: "Servers in use",
    value: (pool) => pool.serversActive,
    unit: "count",
    from: "sm",
    help: "Server connections that are lent out",
  },
  {
    id: "max",
    header: "At most",
    value: (pool) => pool.serversMax,
    unit: "count",
    help: "Server connections the pool may open, its reserve included",
  },
];
