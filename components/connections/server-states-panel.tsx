"use client";

import { historyTable } from "@/components/charts/history-table.ts";
import { StackedAreaChart } from "@/components/charts/stacked-area-chart.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { useOwnQueries, useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { SeriesHistory } from "@/lib/collector/types.ts";
import { connectionInputs } from "./connections-inputs.ts";
import { isKnown } from "./lane-series.ts";

const states = [
  { name: "connections.active", label: "active" },
  { name: "connections.idleInTransaction", label: "idle in transaction" },
  {
    name: "connections.idleInTransactionAborted",
    label: "in a failed transaction",
    colour: "var(--series-7)",
  },
  { name: "connections.idle", label: "idle" },
  { name: "connections.other", label: "other" },
];
const total = [{ name: "connections.total", label: "in use", colour: "var(--series-2)" }];

/** States that never occurred would be lines on top of others. */
const occurs =
  (data: SeriesHistory) =>
  ({ name }: { name: string }) =>
    /\.(active|idle)$/.test(name) || (data.series[name] ?? []).some(([, value]) => (value ?? 0) > 0);

/** Client connections by state over time, below the line that none but superusers may pass. */
export function ServerStatesPanel() {
  const range = useTimeRange();
  const { hideOwn } = useOwnQueries();
  const read = useRead("connectionHistory", connectionInputs.history(range.input));
  const server = useRead("serverConnections", connectionInputs.server(hideOwn));
  const limits = server.data?.limits;
  return (
    <Panel
      id="server-states"
      title="Server connections by state"
      unit="connections"
      read={read}
      also={[server]}
      height={264}
      info={{
        what: "Every client connection is in one state; they add up to all that are open, the console's own among them. The line is what an ordinary role can use: max_connections less what is reserved.",
        sql: "select state, count(*) from pg_stat_activity\nwhere backend_type = 'client backend' group by state;",
      }}
      table={(data) => historyTable(data, [...states, ...total])}
    >
      {(data, view) => (
        <StackedAreaChart
          history={data}
          label="Server connections by state"
          height={view.height}
          series={isKnown(data, "connections.active") ? states.filter(occurs(data)) : total}
          limits={limits ? [{ value: limits.usable, label: "usable" }] : []}
        />
      )}
    </Panel>
  );
}
