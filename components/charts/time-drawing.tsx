"use client";

import { type Key, memo } from "react";
import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, XAxis, YAxis } from "recharts";
import { formatValue } from "@/lib/client/format.ts";
import { formatTick } from "@/lib/client/format-time.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import type { Unit } from "@/lib/collector/types.ts";
import { type Limit, tickLabel, timeTicks, valueAxis, valueAxisWidth } from "./axis.ts";
import type { DrawnSeries } from "./drawn-series.ts";
import type { Row } from "./time-rows.ts";

/** Room around the drawing, the same in every chart so that times stand above each other. */
export const room = { left: valueAxisWidth, right: 16, top: 16, bottom: 22 };
const tickStyle = { fontSize: 11, fill: "var(--faint)" };

interface TimeDrawingProps {
  width: number;
  height: number;
  rows: Row[];
  series: readonly DrawnSeries[];
  hidden: ReadonlySet<string>;
  fromMs: number;
  toMs: number;
  unit: Unit;
  form: "line" | "area";
  limits: readonly Limit[];
}

/** The drawing alone; the same figures are not drawn twice. */
export const TimeDrawing = memo(function TimeDrawing(props: TimeDrawingProps) {
  const { width, height, rows, series, hidden, fromMs, toMs, unit, form, limits } = props;
  const zone = useTimeZone();
  const plotWidth = Math.max(0, width - room.left - room.right);
  // A label at the very edge would be cut off.
  const edgeMs = ((toMs - fromMs) / Math.max(1, plotWidth)) * 6;
  const ticks = timeTicks(fromMs, toMs, plotWidth, zone).filter(
    (t) => t >= fromMs + edgeMs && t <= toMs - edgeMs,
  );
  const yTicks = valueAxis(rows, unit, form === "area", limits);
  const [low = 0, high = 1] = [yTicks[0], yTicks.at(-1)];
  return (
    <ComposedChart
      width={width}
      height={height}
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
      {labelSides(
        limits.filter(({ value }) => value >= low && value <= high),
        (height - room.top - room.bottom) / (high - low || 1),
      ).map(({ value, label: words, side }) => (
        <ReferenceLine
          key={words}
          y={value}
          stroke="var(--muted)"
          strokeDasharray="3 3"
          strokeWidth={1}
          label={{
            value: `${words} ${formatValue(value, unit)}`,
            position: side,
            fontSize: 11,
            fill: "var(--muted)",
            offset: 3,
          }}
        />
      ))}
    </ComposedChart>
  );
});

/** The height of a limit's words, in pixels. */
const wordsHeight = 13;

/** Words of limits that lie close stand at opposite ends of their lines, so that both can be read. */
function labelSides(limits: readonly Limit[], pixelsPerUnit: number) {
  const sided: (Limit & { side: "insideBottomLeft" | "insideBottomRight" })[] = [];
  for (const limit of limits.toSorted((a, b) => b.value - a.value)) {
    const above = sided.at(-1);
    const close = above && (above.value - limit.value) * pixelsPerUnit < wordsHeight;
    const side = close && above.side === "insideBottomLeft" ? "insideBottomRight" : "insideBottomLeft";
    sided.push({ ...limit, side });
  }
  return sided;
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
