"use client";

import { historyTable } from "@/components/charts/history-table.ts";
import { LineChart } from "@/components/charts/line-chart.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { replicationInputs } from "./replication-inputs.ts";

const series = [{ name: "wal.bytes", label: "WAL written" }];

/** WAL that the server writes: what every standby must receive and replay. */
export function WalRatePanel({ className }: { className: string }) {
  const range = useTimeRange();
  const read = useRead("seriesHistory", replicationInputs.walRate(range.input));
  return (
    <Panel
      id="wal-rate"
      title="WAL written"
      unit="per second"
      read={read}
      height={184}
      className={className}
      info={{
        what: "What every standby has to receive and replay, and what the archive has to take.",
        sql: "select wal_bytes from pg_stat_wal;",
      }}
      table={(data) => historyTable(data, series)}
    >
      {(data, view) => (
        <LineChart
          history={data}
          label="WAL bytes per second"
          height={view.height}
          series={series}
          unit="bytes"
        />
      )}
    </Panel>
  );
}
