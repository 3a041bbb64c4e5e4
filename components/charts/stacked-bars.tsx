"use client";

/**
 * <StackedBars label="Events per day" height={200} unit="count" parts={[{ key, label, colour }]}
 *   bars={[{ fromMs, toMs, values: [12, 3] }]} nameOf={(bar) => "23 Nov 2026"} />
 *
 * Counts per step, split into parts; `values` stand in the order of `parts`. Plain SVG: hundreds of bars cost little.
 * `open` marks a step that is not over yet. Steps are UTC days or weeks, so the axis is in UTC.
 */
import { useRef, useState } from "react";
import { formatExact, formatValue } from "@/lib/client/format.ts";
import { formatTick } from "@/lib/client/format-time.ts";
import type { Unit } from "@/lib/collector/types.ts";
import { timeTicks, valueAxisWidth, valueTicks } from "./axis.ts";
import { useWidth } from "./use-width.ts";

export interface StackedBar {
  fromMs: number;
  toMs: number;
  values: readonly number[];
  open?: boolean;
}

interface StackedBarsProps {
  label: string;
  height: number;
  unit: Unit;
  parts: readonly { key: string; label: string; colour: string }[];
  bars: readonly StackedBar[];
  nameOf: (bar: StackedBar) => string;
  /** What stands below a bar, where its step has a name of its own, such as a month; as many as there is room for. */
  tickOf?: (bar: StackedBar) => string;
}

/** Of a name below a bar. */
const tickRoom = 100;
const room = { left: valueAxisWidth, right: 16, top: 10, bottom: 22 };

export function StackedBars({ label, height, unit, parts, bars, nameOf, tickOf }: StackedBarsProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [hovered, setHovered] = useState<number | null>(null);
  const inner = {
    width: Math.max(0, width - room.left - room.right),
    height: height - room.top - room.bottom,
  };
  const fromMs = bars[0]?.fromMs ?? 0;
  const toMs = bars.at(-1)?.toMs ?? 1;
  const totals = bars.map((bar) => bar.values.reduce((all, value) => all + value, 0));
  const ticks = valueTicks(0, Math.max(1, ...totals), unit, 3);
  const top = ticks.at(-1) ?? 1;
  const x = (ms: number) => room.left + ((ms - fromMs) / Math.max(1, toMs - fromMs)) * inner.width;
  const y = (value: number) => room.top + inner.height - (value / top) * inner.height;
  const bar = hovered === null ? undefined : bars[hovered];
  const stepTicks = () => {
    if (tickOf) {
      const every = Math.ceil((bars.length * tickRoom) / Math.max(tickRoom, inner.width));
      return bars
        .filter((_, index) => index % every === 0)
        .map((each) => ({ at: (each.fromMs + each.toMs) / 2, words: tickOf(each) }));
    }
    return timeTicks(fromMs, toMs, inner.width, "utc")
      .filter((tick) => x(tick) < room.left + inner.width - 12)
      .map((tick) => ({ at: tick, words: formatTick(tick, toMs - fromMs, "utc") }));
  };

  return (
    <div
      ref={box}
      className="relative"
      style={{ height }}
      onPointerMove={(event) => {
        const left = event.clientX - event.currentTarget.getBoundingClientRect().left;
        const at = fromMs + ((left - room.left) / Math.max(1, inner.width)) * (toMs - fromMs);
        const found = bars.findIndex((each) => at >= each.fromMs && at < each.toMs);
        setHovered(found < 0 ? null : found);
      }}
      onPointerLeave={() => setHovered(null)}
    >
      {width > 0 && (
        <svg role="img" aria-label={label} data-chart width={width} height={height} className="block">
          {ticks.map((tick) => (
            <g key={tick}>
              <line
                x1={room.left}
                x2={room.left + inner.width}
                y1={Math.round(y(tick)) + 0.5}
                y2={Math.round(y(tick)) + 0.5}
                stroke={tick === 0 ? "var(--hairline-strong)" : "var(--hairline)"}
              />
              <text x={room.left - 8} y={y(tick) + 4} textAnchor="end" fontSize={11} fill="var(--faint)">
                {formatValue(tick, unit)}
              </text>
            </g>
          ))}
          {stepTicks().map(({ at, words }) => (
            <text key={at} x={x(at)} y={height - 6} textAnchor="middle" fontSize={11} fill="var(--faint)">
              {words}
            </text>
          ))}
          {bar && (
            <rect
              x={x(bar.fromMs)}
              y={room.top}
              width={Math.max(1, x(bar.toMs) - x(bar.fromMs))}
              height={inner.height}
              fill="var(--hover)"
            />
          )}
          {parts.map((part, index) => (
            <path key={part.key} d={partPath(bars, index, x, y)} fill={part.colour} />
          ))}
        </svg>
      )}
      {bar && <StackTip bar={bar} name={nameOf(bar)} left={x(bar.fromMs)} {...{ parts, unit, width }} />}
    </div>
  );
}

/** One part of every bar as a single path. */
function partPath(
  bars: readonly StackedBar[],
  index: number,
  x: (ms: number) => number,
  y: (value: number) => number,
): string {
  return bars
    .map((bar) => {
      const value = bar.values[index] ?? 0;
      if (value <= 0) return "";
      const below = bar.values.slice(0, index).reduce((all, each) => all + each, 0);
      const [left, right] = [x(bar.fromMs), x(bar.toMs)];
      const gap = Math.min(2, (right - left) * 0.22);
      const wide = Math.max(0.75, right - left - gap);
      const [low, high] = [y(below), y(below + value)];
      return `M${(left + gap / 2).toFixed(2)} ${low.toFixed(2)}V${high.toFixed(2)}h${wide.toFixed(2)}V${low.toFixed(2)}Z`;
    })
    .join("");
}

interface StackTipProps extends Pick<StackedBarsProps, "parts" | "unit"> {
  bar: StackedBar;
  name: string;
  left: number;
  width: number;
}

function StackTip({ bar, name, left, width, parts, unit }: StackTipProps) {
  const rows = parts
    .map((part, index) => ({ ...part, value: bar.values[index] ?? 0 }))
    .filter((row) => row.value > 0)
    .toSorted((a, b) => b.value - a.value);
  const total = bar.values.reduce((all, value) => all + value, 0);
  return (
    <div
      role="tooltip"
      className="pointer-events-none absolute top-3 z-20 min-w-44 rounded-md border border-hairline-strong bg-raised px-2.5 py-2 text-xs shadow-raised"
      style={left > width / 2 ? { right: width - left + 10 } : { left: left + 14 }}
    >
      <p className="text-faint">
        {name}
        {bar.open && " · not over yet"}
      </p>
      {rows.map((row) => (
        <p key={row.key} className="flex items-center gap-1.5">
          <span aria-hidden className="size-2 rounded-[2px]" style={{ background: row.colour }} />
          <span className="grow text-muted">{row.label}</span>
          <span className="font-medium">{formatExact(row.value, unit)}</span>
        </p>
      ))}
      <p className="mt-1 flex justify-between border-t border-hairline pt-1">
        <span className="text-muted">all</span>
        <span className="font-medium">{formatExact(total, unit)}</span>
      </p>
    </div>
  );
}
