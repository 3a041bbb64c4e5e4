"use client";

import { useMemo, useRef, useState } from "react";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { formatMoment } from "@/lib/client/format-time.ts";
import { useNow } from "@/lib/client/now.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { type Limit, valueAxis } from "./axis.ts";
import { ChartLegend } from "./chart-legend.tsx";
import { ChartOverlay } from "./chart-overlay.tsx";
import { firstFigureMs } from "./chart-span.ts";
import { ChartSummary } from "./chart-summary.tsx";
import type { DrawnSeries } from "./drawn-series.ts";
import { othersColour, seriesColours, seriesLabel } from "./series-colour.ts";
import type { TimeChartProps } from "./time-chart-props.ts";
import { room, TimeDrawing } from "./time-drawing.tsx";
import { largestFirst, othersName, type Row, timeRows } from "./time-rows.ts";
import { useChartSpan } from "./use-chart-span.ts";
import { useSteady, useSteadyHistory } from "./use-steady.ts";
import { useWidth } from "./use-width.ts";

const legendHeight = 26;
const none: readonly Limit[] = [];

export function TimeChart(props: TimeChartProps & { form: "line" | "area" }) {
  const { label, height, events = [], legend = true, form } = props;
  const history = useSteadyHistory(props.history);
  const chosen = useSteady(props.series);
  const limits = useSteady(props.limits ?? none);
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const zone = useTimeZone();
  const range = useTimeRange();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());

  const names = useMemo(() => chosen?.map(({ name }) => name) ?? largestFirst(history), [chosen, history]);
  const unit = props.unit ?? history.units[names[0] ?? ""] ?? "count";
  const prepared = useMemo(() => timeRows(history, names, unit), [history, names, unit]);
  const sinceMs = history.collectingSince?.getTime() ?? null;
  const beginMs = firstFigureMs(sinceMs, prepared.rows);
  const span = useChartSpan(beginMs);
  const series = useMemo((): DrawnSeries[] => {
    const colours = seriesColours(prepared.names);
    return prepared.names.map((name, index) => {
      const given = chosen?.find((each) => each.name === name);
      return {
        name,
        index,
        label: given?.label ?? seriesLabel(name),
        colour: given?.colour ?? (name === othersName ? othersColour : (colours[name] ?? othersColour)),
      };
    });
  }, [prepared, chosen]);
  const rows = useMemo((): Row[] => {
    if (hidden.size === 0) return prepared.rows;
    const shown = prepared.names.map((name) => !hidden.has(name));
    return prepared.rows.map((row) => ({ t: row.t, v: row.v.map((value, i) => (shown[i] ? value : null)) }));
  }, [prepared, hidden]);

  // A new sample moves the end of a relative range to now; where none comes, a sixtieth of the range does.
  const sixtieth = useNow((range.seconds * 1_000) / 60);
  // biome-ignore lint/correctness/useExhaustiveDependencies: they say when, not what.
  const [fromMs, toMs] = useMemo(
    () => span(Math.max(Date.now(), prepared.rows.at(-1)?.t ?? 0)),
    [span, prepared, sixtieth],
  );
  const drawHeight = height - (legend ? legendHeight : 0);
  const plotWidth = Math.max(0, width - room.left - room.right);
  const high = valueAxis(rows, unit, form === "area", limits).at(-1) ?? 1;
  const nothing = !rows.some(
    (row) => row.t >= fromMs && row.t <= toMs && row.v.some((value) => value !== null),
  );

  return (
    <div ref={box} className="relative h-full">
      <div role="img" aria-label={label} style={{ height: drawHeight }}>
        {width > 0 && (
          <TimeDrawing
            width={width}
            height={drawHeight}
            {...{ rows, series, hidden, fromMs, toMs, unit, form, limits }}
          />
        )}
      </div>
      {width > 0 && (
        <ChartOverlay
          box={box}
          plot={{
            left: room.left,
            top: room.top,
            width: plotWidth,
            height: drawHeight - room.top - room.bottom,
          }}
          fromMs={fromMs}
          toMs={toMs}
          stepMs={history.stepSeconds * 1_000}
          rows={rows}
          series={series.filter(({ name }) => !hidden.has(name))}
          unit={unit}
          stacked={form === "area"}
          events={events}
          farLimits={limits.filter(({ value }) => value > high)}
          uncollected={
            !nothing && sinceMs !== null && beginMs !== null && beginMs > fromMs
              ? { untilMs: beginMs, collectingSinceMs: sinceMs }
              : null
          }
          onZoom={(from, to) => range.setCustom(new Date(from), new Date(to))}
          onReset={range.reset}
        />
      )}
      {nothing && width > 0 && (
        <div
          className="pointer-events-none absolute inset-x-0 top-0"
          style={{ height: drawHeight - room.bottom }}
        >
          <EmptyState
            title={
              sinceMs === null
                ? "Nothing collected yet"
                : sinceMs > toMs
                  ? `Collecting since ${formatMoment(sinceMs, Date.now(), zone)}`
                  : "No figures in this range"
            }
          >
            {sinceMs === null && <p>The first figures come with the collector's next samples.</p>}
          </EmptyState>
        </div>
      )}
      {legend && (
        <ChartLegend
          height={legendHeight}
          series={series}
          rows={prepared.rows}
          unit={unit}
          stepMs={history.stepSeconds * 1_000}
          leftOut={prepared.leftOut}
          hidden={hidden}
          onHidden={setHidden}
        />
      )}
      <ChartSummary label={label} series={series} rows={prepared.rows} unit={unit} />
    </div>
  );
}
