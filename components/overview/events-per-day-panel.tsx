"use client";

import { useRef } from "react";
import { othersColour, seriesColours } from "@/components/charts/series-colour.ts";
import { StackedBars } from "@/components/charts/stacked-bars.tsx";
import { useWidth } from "@/components/charts/use-width.ts";
import { Panel } from "@/components/panel/panel.tsx";
import { Choice } from "@/components/ui/choice.tsx";
import { useTab } from "@/components/ui/tabs.tsx";
import { formatNumber } from "@/lib/client/format.ts";
import { formatDate } from "@/lib/client/format-time.ts";
import { useRead } from "@/lib/client/use-read.ts";
import type { EventsPerDay } from "@/lib/events/types.ts";
import { eventBars } from "./event-bars.ts";
import { daysChoices, overviewInputs } from "./overview-inputs.ts";

const dayNames = { "395": "13 months", "90": "90 days", "30": "30 days" } as const;

/** Events of our audit_log per day, counted from the rows themselves, stacked by retention policy. */
export function EventsPerDayPanel() {
  const [days, setDays] = useTab("days", daysChoices);
  const read = useRead("eventsPerDay", overviewInputs.eventsPerDay(days));
  return (
    <Panel
      id="events-per-day"
      title="Events per day"
      unit="by retention policy"
      read={read}
      height={238}
      info={{
        what: "Events in audit_log per UTC day, counted from the rows, not from samples. Today is not over yet. Kept for a minute before it is counted anew.",
        sql: "select date_trunc('day', occurred_at at time zone 'UTC') as day, retention_policy, count(*)\nfrom audit_log\nwhere occurred_at >= $1 and occurred_at < $2\ngroup by 1, 2 order by 1, 2;",
      }}
      actions={
        <Choice
          label="Days"
          value={days}
          choices={daysChoices.map((choice) => [choice, dayNames[choice]] as const)}
          onChange={(next) => void setDays(next)}
        />
      }
      empty={(data) => data.total === 0 && "No event in these days"}
      table={eventsTable}
    >
      {(data, view) => <EventsChart data={data} height={view.height - 28} />}
    </Panel>
  );
}

function EventsChart({ data, height }: { data: EventsPerDay; height: number }) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const policies = byTotal(data);
  const colours = seriesColours(policies.map(({ policy }) => policy));
  const span = (data.to.getTime() - data.from.getTime()) / 86_400_000;
  const weekly = width > 0 && width / span < 1.6;
  const { bars, busiest, meanPerDay } = eventBars(
    data,
    policies.map(({ policy }) => policy),
    Date.now(),
    weekly,
  );
  return (
    <div ref={box} className="grid gap-2">
      <p className="flex flex-wrap gap-x-4 gap-y-0.5 text-sm">
        <span>
          <strong className="font-semibold" data-events-total={data.total}>
            {data.total.toLocaleString("en-GB")}
          </strong>{" "}
          <span className="text-muted">events</span>
        </span>
        {meanPerDay !== null && (
          <span className="text-muted">{formatNumber(Math.round(meanPerDay))} a day on average</span>
        )}
        {busiest && (
          <span className="text-muted">
            most on {formatDate(busiest.atMs, "utc")}: {busiest.events.toLocaleString("en-GB")}
          </span>
        )}
        {weekly && <span className="text-faint">a bar is a week</span>}
        <span className="flex flex-wrap gap-x-3 sm:ml-auto">
          {policies.map(({ policy, events }) => (
            <span key={policy} className="flex items-center gap-1.5 text-xs">
              <span
                aria-hidden
                className="size-2 rounded-[2px]"
                style={{ background: colours[policy] ?? othersColour }}
              />
              <span className="text-muted">{policy}</span>
              <span className="font-medium">{formatNumber(events)}</span>
            </span>
          ))}
        </span>
      </p>
      <StackedBars
        label="Events per day by retention policy"
        height={height}
        unit="count"
        parts={policies.map(({ policy }) => ({
          key: policy,
          label: policy,
          colour: colours[policy] ?? othersColour,
        }))}
        bars={bars}
        nameOf={(bar) =>
          weekly
            ? `${formatDate(bar.fromMs, "utc")} to ${formatDate(bar.toMs - 1, "utc")}`
            : formatDate(bar.fromMs, "utc")
        }
      />
    </div>
  );
}

function byTotal(data: EventsPerDay): { policy: string; events: number }[] {
  const totals = new Map<string, number>();
  for (const { retentionPolicy, events } of data.days)
    totals.set(retentionPolicy, (totals.get(retentionPolicy) ?? 0) + events);
  return [...totals].map(([policy, events]) => ({ policy, events })).sort((a, b) => b.events - a.events);
}

function eventsTable(data: EventsPerDay) {
  const days = Map.groupBy(data.days, (day) => day.day);
  return {
    columns: [
      { label: "day (UTC)" },
      ...data.policies.map((policy) => ({ label: policy, unit: "count" as const })),
      { label: "all", unit: "count" as const },
    ],
    rows: [...days].map(([day, rows]) => [
      day,
      ...data.policies.map((policy) => rows.find((row) => row.retentionPolicy === policy)?.events ?? 0),
      rows.reduce((all, row) => all + row.events, 0),
    ]),
  };
}
