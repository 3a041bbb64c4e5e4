"use client";

import { historyTable } from "@/components/charts/history-table.ts";
import { LineChart } from "@/components/charts/line-chart.tsx";
import type { ChosenSeries } from "@/components/charts/time-rows.ts";
import { Panel } from "@/components/panel/panel.tsx";
import type { ReadState } from "@/lib/client/use-read.ts";
import type { SeriesHistory, Unit } from "@/lib/collector/types.ts";
import type { QueryDetail } from "@/lib/queries/get-query-detail.ts";
import { withMean } from "./statement-history.ts";

interface Chart {
  id: string;
  title: string;
  unit?: string;
  axis: Unit;
  what: string;
  /** Words when the figures are all zero; without them zeros are drawn. */
  zero?: string;
  series: readonly ChosenSeries[];
}

const charts: readonly Chart[] = [
  {
    id: "calls",
    title: "Calls",
    unit: "per second",
    axis: "perSecond",
    what: "Times executed, per second.",
    series: [{ name: "calls", label: "calls", colour: "var(--series-2)" }],
  },
  {
    id: "mean",
    title: "Mean time",
    unit: "a call",
    axis: "ms",
    what: "Execution time divided by calls, of each step. A gap where it was not called.",
    series: [{ name: "meanMs", label: "mean", colour: "var(--series-5)" }],
  },
  {
    id: "time",
    title: "Time",
    unit: "per second",
    axis: "ms",
    what: "Execution time in each second, and the part of it spent reading and writing blocks (only with track_io_timing).",
    series: [
      { name: "totalExecMs", label: "all", colour: "var(--series-5)" },
      { name: "ioMs", label: "of which I/O", colour: "var(--series-6)" },
    ],
  },
  {
    id: "rows",
    title: "Rows",
    unit: "per second",
    axis: "perSecond",
    what: "Rows returned or changed, per second.",
    series: [{ name: "rows", label: "rows", colour: "var(--series-3)" }],
  },
  {
    id: "blocks",
    title: "Blocks",
    unit: "per second",
    axis: "perSecond",
    what: "Blocks found in shared_buffers, blocks that had to be read from outside it, and blocks written to temporary files.",
    series: [
      { name: "sharedBlksHit", label: "found in shared_buffers", colour: "var(--series-3)" },
      { name: "sharedBlksRead", label: "read", colour: "var(--series-6)" },
      { name: "tempBlksWritten", label: "temporary", colour: "var(--series-7)" },
    ],
  },
  {
    id: "wal",
    title: "WAL",
    unit: "per second",
    axis: "bytes",
    what: "Write-ahead log made, per second.",
    zero: "It made no WAL in this range",
    series: [{ name: "walBytes", label: "WAL", colour: "var(--series-1)" }],
  },
];

/** The statement over time; one cursor for all six. */
export function StatementCharts({ read }: { read: ReadState<QueryDetail> }) {
  return (
    <div className="grid grid-cols-1 gap-4 md:grid-cols-2 xl:grid-cols-3">
      {charts.map(({ id, title, unit, axis, what, zero, series }) => (
        <Panel
          key={id}
          id={`statement-${id}`}
          title={title}
          {...(unit && { unit })}
          read={read}
          height={180}
          info={{ what }}
          empty={({ history }) => nothingToDraw(history, series, zero)}
          table={({ history }) => historyTable(withMean(history), series)}
        >
          {({ history }, view) => (
            <LineChart
              history={withMean(history)}
              series={series}
              unit={axis}
              label={`${title}${unit ? ` ${unit}` : ""} of this statement`}
              height={view.height}
              legend={series.length > 1}
            />
          )}
        </Panel>
      ))}
    </div>
  );
}

function nothingToDraw(history: SeriesHistory, series: readonly ChosenSeries[], zero: string | undefined) {
  const all = withMean(history).series;
  const values = series.flatMap(({ name }) => (all[name] ?? []).flatMap(([, value]) => value ?? []));
  if (values.length === 0) return "Nothing collected in this range";
  return zero !== undefined && values.every((value) => value === 0) && zero;
}
