"use client";

import { LineChart } from "@/components/charts/line-chart.tsx";
import { Panel } from "@/components/panel/panel.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { EventList } from "./event-list.tsx";
import { overviewInputs } from "./overview-inputs.ts";
import { TimelineLane } from "./timeline-lane.tsx";

const chartHeight = 150;

/** What happened, above what it did to the work: events on the same axis as transactions and connections. */
export function TimelinePanel() {
  const range = useTimeRange();
  const read = useRead("timeline", overviewInputs.timeline(range.input));
  const activity = useRead("seriesHistory", overviewInputs.activity(range.input));
  return (
    <Panel
      id="timeline"
      title="What happened"
      read={read}
      also={[activity]}
      height={36 + 2 * (chartHeight + 20)}
      info={{
        what: "Outages, restarts, changed versions and reset statistics as the collector saw them, above the transactions and connections of the same time. Drag over a chart to zoom, double-click to go back.",
      }}
      table={({ events }) => ({
        columns: [
          { label: "from" },
          { label: "to" },
          { label: "kind" },
          { label: "severity" },
          { label: "what" },
        ],
        rows: events.map((event) => [event.at, event.endedAt, event.kind, event.severity, event.title]),
      })}
    >
      {({ events }) => (
        <>
          <TimelineLane events={events} collectingSince={activity.data?.collectingSince ?? null} />
          {activity.data ? (
            <>
              <Labelled words="Transactions per second">
                <LineChart
                  history={activity.data}
                  label="Commits and rollbacks per second"
                  height={chartHeight}
                  series={transactions}
                  events={events}
                />
              </Labelled>
              <Labelled words="Connections">
                <LineChart
                  history={activity.data}
                  label="Connections in use and waiting"
                  height={chartHeight}
                  series={connections}
                  events={events}
                />
              </Labelled>
            </>
          ) : activity.error ? (
            <p className="py-6 text-center text-sm text-muted">{activity.error.message}</p>
          ) : (
            <Skeleton className="h-80" />
          )}
          <EventList events={events} />
        </>
      )}
    </Panel>
  );
}

const transactions = [
  { name: "database.commits", label: "commits" },
  { name: "database.rollbacks", label: "rollbacks" },
];
const connections = [
  { name: "connections.total", label: "in use" },
  { name: "connections.waiting", label: "waiting" },
];

function Labelled({ words, children }: { words: string; children: React.ReactNode }) {
  return (
    <div className="pt-1">
      <p className="pl-1 text-xs font-medium text-muted">{words}</p>
      {children}
    </div>
  );
}
