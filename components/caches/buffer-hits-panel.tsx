"use client";

import { historyTable } from "@/components/charts/history-table.ts";
import { LineChart } from "@/components/charts/line-chart.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { RatioHead, ratioChosen } from "./ratio-head.tsx";

const series = ratioChosen("database.hitRatio", "found in shared_buffers");

/** Share of blocks found in shared_buffers, over time. */
export function BufferHitsPanel() {
  const { input: range } = useTimeRange();
  const read = useRead("bufferCacheHits", { range });
  return (
    <Panel
      id="buffer-hits"
      title="Found in shared_buffers"
      unit="% of blocks"
      read={read}
      height={236}
      info={{
        what: "Blocks found in shared_buffers ÷ blocks asked for in this database. Steps in which fewer than a hundred blocks were asked for are gaps: a share of next to nothing says nothing.",
        sql: "select blks_hit, blks_read from pg_stat_database where datname = current_database();",
      }}
      empty={(data) => data.observedAt === null && "Nothing was sampled in this range"}
      table={(data) => historyTable(data)}
    >
      {(data, view) => (
        <>
          <RatioHead share={data.share} none="too few blocks asked for" />
          <LineChart
            history={data}
            label="Share of blocks found in shared_buffers"
            height={view.height - 36}
            series={series}
            unit="ratio"
            legend={false}
          />
        </>
      )}
    </Panel>
  );
}
