"use client";

import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import { useMemo, useState } from "react";
import { historyTable } from "@/components/charts/history-table.ts";
import { LineChart } from "@/components/charts/line-chart.tsx";
import { StackedAreaChart } from "@/components/charts/stacked-area-chart.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { Select } from "@/components/ui/select.tsx";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { ReplicationServer } from "@/lib/replication/types.ts";
import { stageParts, walStages } from "./wal-stages.ts";

const bytes = walStages.map(({ id, waits, colour }) => ({ name: id, label: waits, colour }));
const times = [
  { name: "writtenLagSeconds", label: "written", colour: walStages[1].colour },
  { name: "flushedLagSeconds", label: "flushed", colour: walStages[2].colour },
  { name: "lagSeconds", label: "replayed", colour: walStages[3].colour },
];
const measures = [
  ["bytes", "Bytes"],
  ["time", "Time"],
] as const;

/** One standby's WAL by the stage before which it waited, over time. */
export function StandbyStagesPanel({
  servers,
  className,
}: {
  servers: readonly ReplicationServer[];
  className: string;
}) {
  const range = useTimeRange();
  const [measure, setMeasure] = useQueryState(
    "stages",
    parseAsStringLiteral(["bytes", "time"] as const).withDefault("bytes"),
  );
  const [standby, setStandby] = useChosenStandby(servers);
  const read = useRead(
    "standbyStages",
    { standby: standby ?? "", range: range.input },
    { enabled: standby !== null },
  );
  const parts = useMemo(() => (read.data ? stageParts(read.data) : null), [read.data]);
  const standbys = servers.filter(({ role }) => role === "standby");
  return (
    <Panel
      id="standby-stages"
      title="On the way to"
      read={read}
      height={184}
      className={className}
      actions={
        <>
          <Choice label="Measure" value={measure} choices={measures} onChange={setMeasure} />
          {standbys.length > 0 && standby !== null && (
            <Select
              label="Standby"
              size="sm"
              value={standby}
              onChange={setStandby}
              options={standbys.map(({ key, name }) => [key, name] as const)}
            />
          )}
        </>
      }
      info={{
        what: "WAL that waited before each stage; together it is what was not replayed. Sent late: network or a busy sender. Written or flushed late: the standby's disk. Replayed late: a long query there, or replay that cannot keep up.",
        sql: "select sent_lsn, write_lsn, flush_lsn, replay_lsn, write_lag, flush_lag, replay_lag\nfrom pg_stat_replication;",
      }}
      table={(data) =>
        measure === "bytes" && parts ? historyTable(parts, bytes) : historyTable(data, times)
      }
    >
      {(data, view) =>
        measure === "bytes" && parts ? (
          <StackedAreaChart
            history={parts}
            label="WAL waiting before each stage"
            height={view.height}
            series={bytes}
            unit="bytes"
          />
        ) : (
          <LineChart
            history={data}
            label="Time until each stage"
            height={view.height}
            series={times}
            unit="seconds"
          />
        )
      }
    </Panel>
  );
}

/** The standby in the URL, else the one that was farthest behind when the page came up. */
function useChosenStandby(servers: readonly ReplicationServer[]) {
  const [chosen, setChosen] = useQueryState("standby", parseAsString);
  const [first, setFirst] = useState<string | null>(null);
  const standbys = servers.filter(({ role }) => role === "standby");
  if (first === null && standbys.length > 0)
    setFirst(standbys.reduce((a, b) => ((b.lagBytes ?? -1) > (a.lagBytes ?? -1) ? b : a)).key);
  const known = standbys.some(({ key }) => key === chosen);
  return [known ? chosen : first, (key: string) => void setChosen(key)] as const;
}
