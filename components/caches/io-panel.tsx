"use client";

import { LineChart } from "@/components/charts/line-chart.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { DataTable } from "@/components/ui/data-table.tsx";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { ioColumns, ioKey } from "./io-columns.tsx";

const series = [
  { name: "io.client.readBytes", label: "clients read", colour: "var(--series-5)" },
  { name: "io.background.readBytes", label: "others read", colour: "var(--series-2)" },
  { name: "io.client.writeBytes", label: "clients write", colour: "var(--series-6)" },
  { name: "io.background.writeBytes", label: "others write", colour: "var(--series-1)" },
];

/** Which kind of process reads, writes and finds what: pg_stat_io. */
export function IoPanel() {
  const { input: range } = useTimeRange();
  const read = useRead("ioByBackend", { range });
  return (
    <Panel
      id="io"
      title="Who reads and writes"
      unit="by kind of process"
      read={read}
      height={300}
      flush
      info={{
        what: "PostgreSQL's own account of IO for the whole server, by kind of process, object and context. The chart and the first columns are over the page's range; the hidden columns count since the counters began. A client that writes or evicts much does work the background writer should have done.",
        sql: "select backend_type, object, context, reads, writes, extends, hits, evictions, reuses, fsyncs, stats_reset\nfrom pg_stat_io;",
      }}
      empty={(data) => data.rows.length === 0 && "No IO was counted yet"}
    >
      {(data) => (
        <div className="grid gap-3 xl:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
          {data.history && (
            <div className="min-w-0 px-4">
              <LineChart
                history={data.history}
                label="Bytes read and written by clients and by other processes"
                height={300}
                series={series}
                unit="bytesPerSecond"
              />
            </div>
          )}
          <DataTable
            id="io"
            label="Kinds of process"
            rows={data.rows}
            columns={ioColumns}
            rowKey={ioKey}
            defaultSort={{ id: "hits", desc: true }}
            maxHeight={300}
          />
        </div>
      )}
    </Panel>
  );
}
