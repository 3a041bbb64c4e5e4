"use client";

import { historyTable } from "@/components/charts/history-table.ts";
import { LineChart } from "@/components/charts/line-chart.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { formatExact, formatMs } from "@/lib/client/format.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";

const series = [
  { name: "readLatency.block", label: "a block", colour: "var(--series-6)" },
  {
    name: "readLatency.clientRead",
    label: "a client's read",
    colour: "var(--series-5)",
  },
];

/** How long a read past shared_buffers takes, over time. */
export function ReadLatencyPanel() {
  const { input: range } = useTimeRange();
  const read = useRead("readLatency", { range });
  return (
    <Panel
      id="read-latency"
      title="Read latency"
      unit="past shared_buffers"
      read={read}
      height={236}
      info={{
        what: "Time the server waited for reads past shared_buffers ÷ what it read. Microseconds mean the system's cache answered, milliseconds a disk did. Measured only while track_io_timing is on; one read of client backends may cover several blocks.",
        sql: "select blk_read_time, blks_read from pg_stat_database where datname = current_database();",
      }}
      empty={(data) => data.observedAt === null && "Nothing was sampled in this range"}
      table={(data) => historyTable(data)}
    >
      {(data, view) => (
        <>
          <p className="flex h-9 items-baseline gap-2">
            {data.meanMs === null ? (
              <span className="text-sm text-muted">nothing was read</span>
            ) : (
              <>
                <span
                  className="text-2xl font-semibold tracking-tight"
                  title={formatExact(data.meanMs, "ms")}
                >
                  {formatMs(data.meanMs)}
                </span>
                <span className="text-xs text-faint">a block over the range</span>
              </>
            )}
          </p>
          <LineChart
            history={data}
            label="Read latency"
            height={view.height - 36}
            series={series}
            unit="ms"
          />
        </>
      )}
    </Panel>
  );
}
