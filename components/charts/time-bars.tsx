"use client";

import { useRef } from "react";
import { Bar, CartesianGrid, ComposedChart, Tooltip, XAxis, YAxis } from "recharts";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { formatExact } from "@/lib/client/format.ts";
import { formatDate, formatInstant, formatTick } from "@/lib/client/format-time.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { tickLabel, timeTicks, valueAxis, valueAxisWidth } from "./axis.ts";
import type { BarChartProps } from "./bar-chart-props.ts";
import { useWidth } from "./use-width.ts";

const tickStyle = { fontSize: 11, fill: "var(--faint)" };
const rightRoom = 12;

export function TimeBars({
  label,
  unit,
  height,
  bars,
  stepSeconds,
  colour = "var(--series-5)",
}: BarChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const zone = useTimeZone();
  const plotWidth = Math.max(1, width - valueAxisWidth - rightRoom);
  const stepMs = stepSeconds * 1_000;
  // A bar stands in the middle of its step; days begin in UTC whatever zone is shown.
  const data = bars.map((bar) => ({ t: Number(bar.at) + stepMs / 2, value: bar.value }));
  const fromMs = (data[0]?.t ?? 0) - stepMs / 2;
  const toMs = (data.at(-1)?.t ?? 1) + stepMs / 2;
  // A label at the very edge would be cut off.
  const edgeMs = ((toMs - fromMs) / plotWidth) * 12;
  const yTicks = valueAxis(
    data.map(({ t, value }) => ({ t, v: [value] })),
    unit,
    true,
    [],
  );
  const barSize = Math.max(1, Math.min(28, (plotWidth / Math.max(1, data.length)) * 0.75));
  const named = (t: number) =>
    stepSeconds >= 86_400 ? formatDate(t - stepMs / 2, "utc") : formatInstant(t - stepMs / 2, zone);
  if (bars.length === 0) return <EmptyState title="No figures in this range" />;
  return (
    <div ref={box} className="relative h-full">
      <div role="img" aria-label={label}>
        {width > 0 && (
          <ComposedChart
            width={width}
            height={height}
            data={data}
            margin={{ top: 10, right: rightRoom, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid vertical={false} stroke="var(--hairline)" />
            <XAxis
              dataKey="t"
              type="number"
              scale="time"
              domain={[fromMs, toMs]}
              ticks={timeTicks(fromMs, toMs, plotWidth, stepSeconds >= 86_400 ? "utc" : zone).filter(
                (t) => t < toMs - edgeMs,
              )}
              interval={0}
              tickFormatter={(t: number) =>
                formatTick(t, toMs - fromMs, stepSeconds >= 86_400 ? "utc" : zone)
              }
              tick={tickStyle}
              tickLine={false}
              axisLine={{ stroke: "var(--hairline-strong)" }}
              height={22}
            />
            <YAxis
              width={valueAxisWidth}
              domain={[yTicks[0] ?? 0, yTicks.at(-1) ?? 1]}
              ticks={yTicks}
              interval={0}
              tickFormatter={(value: number) => tickLabel(value, unit)}
              tick={tickStyle}
              tickLine={false}
              axisLine={false}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ fill: "var(--hover)" }}
              content={({ active, payload }) => {
                const bar = payload?.[0]?.payload as { t: number; value: number | null } | undefined;
                if (!active || !bar) return null;
                return (
                  <div className="rounded-md border border-hairline-strong bg-raised px-2.5 py-2 text-xs shadow-raised">
                    <p className="text-faint">{named(bar.t)}</p>
                    <p className="font-medium">{formatExact(bar.value, unit)}</p>
                  </div>
                );
              }}
            />
            <Bar
              dataKey="value"
              fill={colour}
              barSize={barSize}
              radius={[1.5, 1.5, 0, 0]}
              isAnimationActive={false}
            />
          </ComposedChart>
        )}
      </div>
    </div>
  );
}
