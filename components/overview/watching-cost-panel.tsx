"use client";

import { historyTable } from "@/components/charts/history-table.ts";
import { LineChart } from "@/components/charts/line-chart.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { formatMs, formatRatio } from "@/lib/client/format.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { Figure } from "./figure.tsx";
import { overviewInputs } from "./overview-inputs.ts";
import { watchingCost } from "./watching-cost.ts";

const series = [
  { name: "collector.execMs", label: "on the server", colour: "var(--series-5)" },
  { name: "collector.wallMs", label: "including network", colour: "var(--series-8)" },
];

/** What this console's watching costs the database it watches. */
export function WatchingCostPanel() {
  const range = useTimeRange();
  const read = useRead("seriesHistory", overviewInputs.cost(range.input));
  return (
    <Panel
      id="watching-cost"
      title="Monitoring overhead"
      unit="per second"
      read={read}
      height={220}
      info={{
        what: "Time the collector's own statements took on this server, against that of everybody's, from pg_stat_statements; and by the collector's own clock, which includes the network. Only statements that carry both our role and our tag count as ours.",
        sql: "select sum(total_exec_time) from pg_stat_statements\nwhere userid = (select oid from pg_roles where rolname = current_user)\n  and query like '/* dashboard:%';",
      }}
      table={(data) => historyTable(data)}
    >
      {(data, view) => {
        const cost = watchingCost(data);
        const onServer = cost.serverMsPerSecond !== null;
        return (
          <div className="grid gap-2">
            <dl className="grid grid-cols-3 gap-4">
              <Figure
                label="Share of all"
                value={cost.share === null ? "unknown" : formatRatio(cost.share)}
                exact={
                  cost.share === null
                    ? "needs pg_stat_statements"
                    : "our statements ÷ everybody's, over the range"
                }
              />
              <Figure
                label={onServer ? "On the server" : "Including network"}
                value={`${formatMs(cost.serverMsPerSecond ?? cost.clockMsPerSecond)}/s`}
                exact="mean over the range"
              />
              <Figure
                label="Failed probes"
                value={cost.failures === null ? "unknown" : String(cost.failures)}
                exact="over the range"
              />
            </dl>
            <LineChart
              history={data}
              label="Time that watching takes per second"
              height={view.height - 48}
              series={series}
              unit="ms"
            />
          </div>
        );
      }}
    </Panel>
  );
}
