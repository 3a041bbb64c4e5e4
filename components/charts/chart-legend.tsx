"use client";

import { cn } from "@/components/ui/cn.ts";
import { formatValue } from "@/lib/client/format.ts";
import type { Unit } from "@/lib/collector/types.ts";
import { useCrosshair } from "./crosshair.ts";
import type { DrawnSeries } from "./drawn-series.ts";
import { latest, nearestRow, type Row } from "./time-rows.ts";

interface ChartLegendProps {
  height: number;
  series: readonly DrawnSeries[];
  rows: readonly Row[];
  unit: Unit;
  stepMs: number;
  /** Series that are not drawn at all. */
  leftOut: number;
  hidden: ReadonlySet<string>;
  onHidden: (hidden: ReadonlySet<string>) => void;
}

/** Names with their newest value, or the value under the crosshair. A click hides, a click with Shift shows it alone. */
export function ChartLegend({
  height,
  series,
  rows,
  unit,
  stepMs,
  leftOut,
  hidden,
  onHidden,
}: ChartLegendProps) {
  const at = useCrosshair();
  const row = at === null ? null : nearestRow(rows, at, stepMs * 1.6);
  function toggle(name: string, alone: boolean) {
    const next = new Set(hidden);
    if (alone) {
      const others = series.map((each) => each.name).filter((each) => each !== name);
      onHidden(others.every((each) => hidden.has(each)) && !hidden.has(name) ? new Set() : new Set(others));
      return;
    }
    if (!next.delete(name)) next.add(name);
    onHidden(next.size === series.length ? new Set() : next);
  }
  return (
    <ul
      className="flex items-center gap-x-1 overflow-x-auto overflow-y-hidden [scrollbar-width:none]"
      style={{ height }}
    >
      {series.map(({ name, label, colour, index }) => {
        const value = at === null ? latest(rows, index) : (row?.v[index] ?? null);
        return (
          <li key={name} className="shrink-0">
            <button
              type="button"
              aria-pressed={!hidden.has(name)}
              title="Click to hide or show, Shift-click to show it alone"
              onClick={(event) => toggle(name, event.shiftKey)}
              className={cn(
                "flex h-6 items-center gap-1.5 rounded-sm px-1.5 text-xs hover:bg-hover",
                hidden.has(name) && "opacity-50",
              )}
            >
              <span
                aria-hidden
                className="size-2 rounded-[2px] border"
                style={{ borderColor: colour, background: hidden.has(name) ? "transparent" : colour }}
              />
              <span className="text-muted">{label}</span>
              <span className="font-medium text-ink">{formatValue(value, unit)}</span>
            </button>
          </li>
        );
      })}
      {leftOut > 0 && (
        <li className="shrink-0 px-1.5 text-xs text-faint">and {leftOut} more, see the table</li>
      )}
    </ul>
  );
}
