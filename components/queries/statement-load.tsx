"use client";

import { historyTable } from "@/components/charts/history-table.ts";
import { LineChart } from "@/components/charts/line-chart.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { formatNumber, formatRatio, formatValue } from "@/lib/client/format.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { SeriesHistory } from "@/lib/collector/types.ts";
import { statementLoadInput } from "./queries-input.ts";
import { meanOf } from "./statement-history.ts";

const time = [{ name: "statements.totalExecMs", label: "time in statements", colour: "var(--series-5)" }];
const calls = [{ name: "statements.calls", label: "calls", colour: "var(--series-2)" }];

/** All statements together over the range: how busy they keep the server, and how many there are. */
export function StatementLoad() {
  const range = useTimeRange();
  const read = useRead("seriesHistory", statementLoadInput(range.input));
  const none = (history: SeriesHistory, name: string) =>
    !history.series[name]?.some(([, value]) => value !== null) &&
    "Nothing collected in this range yet; the first figures come two minutes after collecting begins";
  return (
    <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
      <Panel
        id="statement-time"
        title="Time in statements"
        unit="per second"
        read={read}
        height={148}
        info={{
          what: "Execution time that all statements together took in each second. 1,000 ms a second is one session busy all the time.",
        }}
        empty={(history) => none(history, "statements.totalExecMs")}
        table={(history) => historyTable(history, time)}
      >
        {(history, view) => {
          const mean = meanOf(history.series["statements.totalExecMs"]);
          return (
            <>
              <Figure
                value={formatValue(mean, "msPerSecond")}
                words={`on average, ${mean === null ? "–" : mean < 1_000 ? `${formatRatio(mean / 1_000)} of one session` : `${formatNumber(mean / 1_000)} sessions`}`}
              />
              <LineChart
                history={history}
                series={time}
                label="Time in statements per second"
                unit="ms"
                height={view.height - 28}
                legend={false}
              />
            </>
          );
        }}
      </Panel>
      <Panel
        id="statement-calls"
        title="Calls"
        unit="per second"
        read={read}
        height={148}
        info={{ what: "Statements executed in each second, all together." }}
        empty={(history) => none(history, "statements.calls")}
        table={(history) => historyTable(history, calls)}
      >
        {(history, view) => (
          <>
            <Figure
              value={formatValue(meanOf(history.series["statements.calls"]), "perSecond")}
              words="on average"
            />
            <LineChart
              history={history}
              series={calls}
              label="Calls per second"
              unit="count"
              height={view.height - 28}
              legend={false}
            />
          </>
        )}
      </Panel>
    </div>
  );
}

function Figure({ value, words }: { value: string; words: string }) {
  return (
    <p className="flex h-7 items-baseline gap-2">
      <strong className="text-xl font-semibold tracking-tight">{value}</strong>
      <span className="truncate text-xs text-faint">{words}</span>
    </p>
  );
}
