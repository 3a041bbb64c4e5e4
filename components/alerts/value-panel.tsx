"use client";

import { ArrowRight } from "lucide-react";
import { LineChart } from "@/components/charts/line-chart.tsx";
import type { ChartEvent } from "@/components/charts/time-chart-props.ts";
import { findingHref, pageOfFinding } from "@/components/overview/finding-page.ts";
import { Panel } from "@/components/panel/panel.tsx";
import { formatFigure, limitsWords } from "@/components/settings/check-words.ts";
import { ConsoleLink } from "@/components/shell/console-link.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { StateIcon } from "@/components/ui/state-badge.tsx";
import type { IncidentPage } from "@/lib/alerts/types.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { type ReadState, useRead } from "@/lib/client/use-read.ts";
import { checkSeries, limitLines } from "./check-series.ts";
import { valueHistoryInput } from "./incident-input.ts";
import { IncidentSpans } from "./incident-spans.tsx";

const chartHeight = 190;

/** The figure that is judged against its limits, and when each object fired, over the page's range. */
export function ValuePanel({ read }: { read: ReadState<IncidentPage> }) {
  const range = useTimeRange();
  const check = read.data?.checkId ?? "";
  const series = checkSeries[check];
  const history = useRead(
    "seriesHistory",
    series ? valueHistoryInput(series, range.input) : { series: ["none"], range: range.input },
    { enabled: series !== undefined },
  );
  return (
    <Panel
      id="value"
      title="Value and firing"
      read={read}
      also={series ? [history] : []}
      height={series ? chartHeight + 40 : 48}
      info={{
        what: "Spans are when each object fired, from the console's own record. The line is what the collector keeps that moves with the check's figure; where it compares the same, its limits are drawn. Drag to zoom, double-click to go back.",
      }}
      actions={read.data && <SourceLink incident={read.data} />}
      table={({ alerts }) => ({
        columns: [{ label: "object" }, { label: "severity" }, { label: "from" }, { label: "to" }],
        rows: alerts.flatMap(({ objectKey, spans }) =>
          spans.map(({ severity, from, to }) => [objectKey, severity, from, to]),
        ),
      })}
    >
      {(incident) => (
        <div className="grid grid-cols-1 gap-2 pb-2">
          <Figure incident={incident} />
          {series &&
            (history.data ? (
              <LineChart
                history={history.data}
                label={`${incident.checkTitle}: ${series.label}`}
                height={chartHeight}
                series={[{ name: series.name, label: series.label }]}
                limits={limitLines(
                  series,
                  worstOf(incident)?.threshold ?? null,
                  series.of ? lastFigure(history.data.series[series.of]) : null,
                )}
                events={spansOf(incident)}
              />
            ) : history.error ? (
              <p className="py-4 text-center text-sm text-muted">{history.error.message}</p>
            ) : (
              <Skeleton className="h-45" />
            ))}
          <IncidentSpans alerts={incident.alerts} />
        </div>
      )}
    </Panel>
  );
}

/** The worst object's figure beside what it is compared with. */
function Figure({ incident }: { incident: IncidentPage }) {
  const worst = worstOf(incident);
  if (!worst || worst.value === null) return null;
  const unit = worst.unit as Parameters<typeof formatFigure>[1];
  const falling =
    worst.threshold !== null && worst.threshold.warning !== null && worst.threshold.critical !== null
      ? worst.threshold.critical < worst.threshold.warning
      : false;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2">
      <StateIcon
        state={incident.condition === "firing" ? (worst.severity ?? "unknown") : "ok"}
        className="self-center"
      />
      <span className="text-xl font-semibold tracking-tight">{formatFigure(worst.value, unit)}</span>
      {worst.threshold && (
        <span className="text-sm text-muted">
          {limitsWords({ unit, direction: falling ? "falling" : "rising" }, worst.threshold)}
        </span>
      )}
    </p>
  );
}

function SourceLink({ incident: { path, checkId: check, target } }: { incident: IncidentPage }) {
  return (
    <ConsoleLink
      href={findingHref({ path, check }, target)}
      className="flex items-center gap-1 px-2 text-sm text-muted hover:text-accent"
    >
      {pageOfFinding({ path, check })}
      <ArrowRight aria-hidden className="size-3.5" />
    </ConsoleLink>
  );
}

const rank = { critical: 2, warning: 1, notice: 0 };
const worstOf = ({ alerts }: IncidentPage) =>
  alerts.toSorted((a, b) => (b.severity ? rank[b.severity] : -1) - (a.severity ? rank[a.severity] : -1))[0];

/** Each time it fired, once: objects that fired together share a band. */
function spansOf({ alerts, checkTitle }: IncidentPage): ChartEvent[] {
  return alerts.flatMap(({ spans }) =>
    spans.map(({ from, to, severity }) => ({
      at: from,
      endedAt: to ?? new Date(),
      title: checkTitle,
      severity: severity === "notice" ? ("info" as const) : severity,
    })),
  );
}

function lastFigure(points: readonly (readonly [unknown, number | null])[] | undefined): number | null {
  return points?.findLast(([, value]) => value !== null)?.[1] ?? null;
}
