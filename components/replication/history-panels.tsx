"use client";

import { historyTable } from "@/components/charts/history-table.ts";
import { LineChart } from "@/components/charts/line-chart.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { replicationInputs } from "./replication-inputs.ts";

const lagBytes = [{ name: "replication.maxLagBytes", label: "not replayed" }];
const lagSeconds = [{ name: "replication.maxLagSeconds", label: "lag" }];
const walRate = [{ name: "wal.bytes", label: "WAL written" }];

/** Lag of the farthest standby and the WAL that is written, over time. */
export function HistoryPanels() {
  const range = useTimeRange();
  const read = useRead("seriesHistory", replicationInputs.history(range.input));
  return (
    <>
      <Panel
        id="lag-bytes"
        title="Farthest standby"
        unit="bytes not replayed"
        read={read}
        height={200}
        info={{ what: "WAL that the standby farthest behind (or this standby itself) has not replayed yet." }}
        table={(data) => historyTable(data, lagBytes)}
      >
        {(data, view) => (
          <LineChart history={data} label="Bytes not replayed" height={view.height} series={lagBytes} />
        )}
      </Panel>
      <Panel
        id="lag-seconds"
        title="Farthest standby"
        unit="seconds"
        read={read}
        height={200}
        info={{ what: "Time until the replay of the standby farthest behind was confirmed." }}
        table={(data) => historyTable(data, lagSeconds)}
      >
        {(data, view) => (
          <LineChart history={data} label="Seconds of lag" height={view.height} series={lagSeconds} />
        )}
      </Panel>
      <Panel
        id="wal-rate"
        title="WAL written"
        unit="bytes per second"
        read={read}
        height={200}
        className="xl:col-span-2"
        info={{
          what: "What every standby has to receive and replay.",
          sql: "select wal_bytes from pg_stat_wal",
        }}
        table={(data) => historyTable(data, walRate)}
      >
        {(data, view) => (
          <LineChart history={data} label="WAL bytes per second" height={view.height} series={walRate} />
        )}
      </Panel>
    </>
  );
}
