"use client";

import { type Key, useMemo, useRef, useState } from "react";
import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, XAxis, YAxis } from "recharts";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { formatValue } from "@/lib/client/format.ts";
import { formatMoment, formatTick } from "@/lib/client/format-time.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import { tickLabel, timeTicks, valueAxis, valueAxisWidth } from "./axis.ts";
import { ChartLegend } from "./chart-legend.tsx";
import { ChartOverlay } from "./chart-overlay.tsx";
import { ChartSummary } from "./chart-summary.tsx";
import type { DrawnSeries } from "./drawn-series.ts";
import { othersColour, seriesColours, seriesLabel } from "./series-colour.ts";
import type { TimeChartProps } from "./time-chart-props.ts";
import { largestFirst, othersName, type Row, timeRows } from "./time-rows.ts";
import { useWidth } from "./use-width.ts";

/** Room around the drawing, the same in every chart so that times stand above each other. */
const room = { left: valueAxisWidth, right: 16, top: 16, bottom: 22 };
const legendHeight = 26;
const tickStyle = { fontSize: 11, fill: "var(--faint)" };

export function TimeChart(props: TimeChartProps & { form: "line" | "area" }) {
  const { history, label, height, series: chosen, limits = [], events = [], legend = true, form } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const zone = useTimeZone();
  const range = useTimeRange();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());

  const names = useMemo(() => chosen?.map(({ name }) => name) ?? largestFirst(history), [chosen, history]);
  const unit = props.unit ?? history.units[names[0] ?? ""] ?? "count";
  const prepared = useMemo(() => timeRows(history, names, unit), [history, names, unit]);
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

  // A new answer moves the end of a relative range to now.
  const [fromMs, toMs] = useMemo(
    () => range.ends(Math.max(Date.now(), prepared.rows.at(-1)?.t ?? 0)),
    [range, prepared],
  );
  const drawHeight = height - (legend ? legendHeight : 0);
  const plotWidth = Math.max(0, width - room.left - room.right);
  // A label at the very edge would be cut off.
  const edgeMs = ((toMs - fromMs) / Math.max(1, plotWidth)) * 6;
  const ticks = timeTicks(fromMs, toMs, plotWidth, zone).filter(
    (t) => t >= fromMs + edgeMs && t <= toMs - edgeMs,
  );
  const yTicks = valueAxis(rows, unit, form === "area", limits);
  const [low = 0, high = 1] = [yTicks[0], yTicks.at(-1)];
  const sinceMs = history.collectingSince?.getTime() ?? null;
  const nothing = !rows.some(
    (row) => row.t >= fromMs && row.t <= toMs && row.v.some((value) => value !== null),
  );

  return (
    <div ref={box} className="relative h-full">
      <div role="img" aria-label={label} style={{ height: drawHeight }}>
        {width > 0 && (
          <ComposedChart
            width={width}
            height={drawHeight}
            data={rows}
            margin={{ top: room.top, right: room.right, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid vertical={false} stroke="var(--hairline)" />
            <XAxis
              dataKey="t"
              type="number"
              scale="time"
              domain={[fromMs, toMs]}
              allowDataOverflow
              ticks={ticks}
              interval={0}
              tickFormatter={(t: number) => formatTick(t, toMs - fromMs, zone)}
              tick={tickStyle}
              tickLine={false}
              axisLine={{ stroke: "var(--hairline-strong)" }}
              height={room.bottom}
            />
            <YAxis
              width={room.left}
              domain={[low, high]}
              ticks={yTicks}
              interval={0}
              allowDataOverflow
              tickFormatter={(value: number) => tickLabel(value, unit)}
              tick={tickStyle}
              tickLine={false}
              axisLine={false}
            />
            {series.map(({ name, colour, index }) =>
              form === "area" ? (
                <Area
                  key={name}
                  dataKey={(row: Row) => row.v[index]}
                  stackId="whole"
                  hide={hidden.has(name)}
                  type="linear"
                  stroke={colour}
                  strokeWidth={1}
                  fill={colour}
                  fillOpacity={0.5}
                  dot={false}
                  activeDot={false}
                  isAnimationActive={false}
                />
              ) : (
                <Line
                  key={name}
                  dataKey={(row: Row) => row.v[index]}
                  hide={hidden.has(name)}
                  type="linear"
                  stroke={colour}
                  strokeWidth={1.5}
                  dot={loneDots(rows, index, colour)}
                  activeDot={false}
                  isAnimationActive={false}
                />
              ),
            )}
            {limits
              .filter(({ value }) => value >= low && value <= high)
              .map(({ value, label: words }) => (
                <ReferenceLine
                  key={words}
                  y={value}
                  stroke="var(--muted)"
                  strokeDasharray="3 3"
                  strokeWidth={1}
                  label={{
                    value: `${words} ${formatValue(value, unit)}`,
                    position: "insideBottomLeft",
                    fontSize: 11,
                    fill: "var(--muted)",
                    offset: 3,
                  }}
                />
              ))}
          </ComposedChart>
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
          collectingSinceMs={!nothing && sinceMs !== null && sinceMs > fromMs ? sinceMs : null}
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

/** A figure between two gaps has no line; it gets a dot so that it is seen. */
function loneDots(rows: readonly Row[], series: number, colour: string) {
  const lone = new Set<number>();
  rows.forEach((row, at) => {
    const alone = rows[at - 1]?.v[series] == null && rows[at + 1]?.v[series] == null;
    if (row.v[series] !== null && alone) lone.add(at);
  });
  if (lone.size === 0) return false;
  return ({
    cx,
    cy,
    index,
    key,
  }: {
    cx?: number;
    cy?: number;
    index?: number;
    key?: Key | null | undefined;
  }) =>
    lone.has(index ?? -1) ? (
      <circle key={key ?? index} cx={cx} cy={cy} r={2} fill={colour} />
    ) : (
      <g key={key ?? index} />
    );
}
