"use client";

import { historyTable } from "@/components/charts/history-table.ts";
import { LineChart } from "@/components/charts/line-chart.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { formatBytes, formatNumber } from "@/lib/client/format.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { RatioHead, ratioChosen } from "./ratio-head.tsx";

const series = ratioChosen("queryCache.hitRatio", "answered without a run");

/** Share of the console's reads that its own cache answered, over time. */
export function QueryCachePanel() {
  const { input: range } = useTimeRange();
  const read = useRead("queryCacheHistory", { range });
  const waterfall = useRead("cacheWaterfall", { range });
  const step = waterfall.data?.queryCache;
  const asked = step ? step.answered + step.passed : 0;
  const redis = waterfall.data?.redis;
  const shared = (redis && !("code" in redis) && redis.step?.answered) || 0;
  return (
    <Panel
      id="query-cache"
      title="Answered by the query cache"
      unit="% of reads"
      read={read}
      also={[waterfall]}
      height={236}
      info={{
        what: "The console asks the audit database through its own cache: a read that was answered a moment ago, or is being answered for somebody else right now, or was read by another process and lies in Redis, costs the database nothing. Added up over every process of the console.",
      }}
      empty={(data) => data.observedAt === null && "Nothing was sampled in this range"}
      table={(data) => historyTable(data)}
    >
      {(data, view) => (
        <>
          <div className="flex items-baseline justify-between gap-3">
            <RatioHead
              share={asked > 0 && step ? (step.answered + shared) / asked : null}
              none="nobody asked"
            />
            <CacheSize />
          </div>
          <LineChart
            history={data}
            label="Share of reads answered by the query cache"
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

function CacheSize() {
  const { data } = useRead("queryCache", {});
  if (!data) return null;
  const { entries, bytes, instances } = data.memory;
  return (
    <span className="min-w-0 truncate text-xs text-faint">
      {formatNumber(entries)} answers, {formatBytes(bytes)} in {instances}{" "}
      {instances === 1 ? "process" : "processes"}
    </span>
  );
}
