"use client";

import { LineChart } from "@/components/charts/line-chart.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { formatBytes, formatExact, formatSeconds } from "@/lib/client/format.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { type ReadState, useRead } from "@/lib/client/use-read.ts";
import type { SeriesHistory } from "@/lib/collector/types.ts";
import type { DatabaseGrowth } from "@/lib/storage/get-database-growth.ts";
import { Figure } from "./figure.tsx";
import { overviewInputs } from "./overview-inputs.ts";

/** How large the database is, how fast it grows, and how sure that is. */
export function GrowthPanel() {
  const range = useTimeRange();
  const answer = useRead("databaseGrowth", overviewInputs.growth(range.input));
  // Too little history for a slope is no reason to hide the size.
  const why = answer.observed?.unavailable?.reason ?? null;
  const read: ReadState<DatabaseGrowth> = answer.observed
    ? { ...answer, observed: withoutReason(answer.observed) }
    : answer;
  return (
    <Panel
      id="growth"
      title="Size and growth"
      read={read}
      height={220}
      info={{
        what: "Size of this database on disk, sampled every 10 minutes; growth is the slope of the straight line through the samples of the range. WAL is the server's, not part of the size.",
        sql: "select pg_database_size(current_database());\nselect sum(size) from pg_ls_waldir();",
      }}
      table={(data) => ({
        columns: [{ label: "time" }, { label: "size", unit: "bytes" }],
        rows: data.points.map(([at, bytes]) => [new Date(at), bytes]),
      })}
    >
      {(data, view) => (
        <div className="grid gap-2">
          <dl className="grid grid-cols-3 gap-4">
            <Figure
              label="Database"
              value={formatBytes(data.databaseBytes)}
              exact={formatExact(data.databaseBytes, "bytes")}
            />
            <Figure
              label="Growth a day"
              value={data.bytesPerDay === null ? "unknown" : signed(data.bytesPerDay)}
              exact={why ?? `by ${formatSeconds(data.spanSeconds)} of samples`}
            />
            <Figure
              label="WAL on disk"
              value={data.walBytes === null ? "unknown" : formatBytes(data.walBytes)}
              exact={data.walBytes === null ? "needs pg_monitor" : formatExact(data.walBytes, "bytes")}
            />
          </dl>
          <LineChart
            history={historyOf(data)}
            label="Database size over time"
            height={view.height - 72}
            legend={false}
          />
          <p className="truncate text-xs text-faint" title={why ?? undefined}>
            {data.bytesPerDay === null
              ? "Growth needs an hour of collected sizes in the range."
              : `Growth is the slope over ${formatSeconds(data.spanSeconds)} of samples.`}
          </p>
        </div>
      )}
    </Panel>
  );
}

function withoutReason<T extends { unavailable?: unknown }>({
  unavailable: _,
  ...rest
}: T): Omit<T, "unavailable"> {
  return rest;
}

function signed(bytesPerDay: number): string {
  return `${bytesPerDay < 0 ? "−" : "+"}${formatBytes(Math.abs(bytesPerDay))}`;
}

function historyOf(data: DatabaseGrowth): SeriesHistory {
  const [first, second] = data.points;
  return {
    series: { "storage.databaseBytes": data.points },
    units: { "storage.databaseBytes": "bytes" },
    stepSeconds: first && second ? (second[0] - first[0]) / 1_000 : 600,
    collectingSince: data.collectingSince,
    observedAt: null,
  };
}
