"use client";

import { useMemo } from "react";
import { historyTable } from "@/components/charts/history-table.ts";
import { LineChart } from "@/components/charts/line-chart.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";

const colours = [5, 6, 3, 1, 2, 7].map((slot) => `var(--series-${slot})`);

/** By key, so that a standby keeps its colour when it or another one becomes the primary for a while. */
function coloured(standbys: readonly { key: string; name: string }[]) {
  const keys = standbys.map(({ key }) => key).toSorted();
  return standbys.map(({ key, name }) => ({
    name: key,
    label: name,
    colour: colours[keys.indexOf(key) % colours.length] ?? "",
  }));
}

/** How old each standby's copy was, one line a standby. */
export function StandbyLagPanel({ className }: { className: string }) {
  const range = useTimeRange();
  const read = useRead("standbyLag", { range: range.input });
  const standbys = read.data?.standbys;
  const series = useMemo(() => coloured(standbys ?? []), [standbys]);
  return (
    <Panel
      id="standby-lag"
      title="Behind"
      unit="time, by standby"
      read={read}
      height={184}
      className={className}
      info={{
        what: "How old the newest replayed write was, as its sender was told (replay_lag) or as the console's probes found, whichever is larger. No line: it was not connected.",
        sql: "select application_name, replay_lag from pg_stat_replication;",
      }}
      empty={(data) => data.standbys.length === 0 && "No standby was connected in this time"}
      table={(data) => historyTable(data.history, series)}
    >
      {(data, view) => (
        <LineChart
          history={data.history}
          label="Age of each standby's copy"
          height={view.height}
          series={series}
          unit="seconds"
        />
      )}
    </Panel>
  );
}
