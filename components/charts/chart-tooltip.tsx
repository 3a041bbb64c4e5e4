"use client";

import { formatExact, formatValue } from "@/lib/client/format.ts";
import { formatInstant } from "@/lib/client/format-time.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import type { Unit } from "@/lib/collector/types.ts";
import type { DrawnSeries } from "./drawn-series.ts";
import type { ChartEvent } from "./time-chart-props.ts";
import { nearestRow, type Row } from "./time-rows.ts";
import type { Plot } from "./use-chart-pointer.ts";

interface ChartTooltipProps {
  t: number;
  x: number;
  plot: Plot;
  fromMs: number;
  toMs: number;
  stepMs: number;
  rows: readonly Row[];
  series: readonly DrawnSeries[];
  unit: Unit;
  stacked: boolean;
  events: readonly ChartEvent[];
}

/** Values at the pointer, largest first, and the events near it. */
export function ChartTooltip(props: ChartTooltipProps) {
  const { t, x, plot, fromMs, toMs, stepMs, rows, series, unit, stacked, events } = props;
  const zone = useTimeZone();
  const row = nearestRow(rows, t, Math.max(stepMs * 1.6, (toMs - fromMs) / 100));
  const nearMs = ((toMs - fromMs) / Math.max(1, plot.width)) * 8;
  const near = events.filter((event) => {
    const from = event.at.getTime() - nearMs;
    const to = (event.endedAt ?? event.at).getTime() + nearMs;
    return t >= from && t <= to;
  });
  const values = series
    .map((each) => ({ ...each, value: row?.v[each.index] ?? null }))
    .sort((a, b) => (b.value ?? -1) - (a.value ?? -1));
  const total = values.reduce((all, { value }) => all + (value ?? 0), 0);
  const onLeft = x > plot.left + plot.width / 2;
  return (
    <div
      className="pointer-events-none absolute z-20 w-max max-w-72 rounded-md border border-hairline-strong bg-raised px-2.5 py-2 text-xs shadow-raised"
      style={{
        top: plot.top,
        left: x,
        transform: onLeft ? "translateX(calc(-100% - 10px))" : "translateX(10px)",
      }}
    >
      <p className="mb-1 text-faint">{formatInstant(row?.t ?? t, zone)}</p>
      {row ? (
        <table>
          <tbody>
            {values.map(({ name, label, colour, value }) => (
              <tr key={name}>
                <td className="pr-1.5">
                  <span className="inline-block size-2 rounded-[2px]" style={{ background: colour }} />
                </td>
                <td className="max-w-40 truncate pr-4 text-muted">{label}</td>
                <td className="text-right font-medium" title={formatExact(value, unit)}>
                  {value === null ? "gap" : formatValue(value, unit)}
                </td>
              </tr>
            ))}
            {stacked && values.length > 1 && (
              <tr className="border-t border-hairline">
                <td />
                <td className="pr-4 text-muted">total</td>
                <td className="text-right font-medium">{formatValue(total, unit)}</td>
              </tr>
            )}
          </tbody>
        </table>
      ) : (
        <p className="text-muted">Nothing was collected then</p>
      )}
      {near.map((event) => (
        <p
          key={`${event.at.getTime()} ${event.title}`}
          className="mt-1 border-t border-hairline pt-1 text-ink"
        >
          {event.title}
        </p>
      ))}
    </div>
  );
}
