"use client";

import { type RefObject, useId, useState } from "react";
import { formatValue } from "@/lib/client/format.ts";
import { formatMoment } from "@/lib/client/format-time.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import type { Unit } from "@/lib/collector/types.ts";
import type { Limit } from "./axis.ts";
import { ChartTooltip } from "./chart-tooltip.tsx";
import { useCrosshair } from "./crosshair.ts";
import type { DrawnSeries } from "./drawn-series.ts";
import type { ChartEvent } from "./time-chart-props.ts";
import type { Row } from "./time-rows.ts";
import { type Plot, useChartPointer } from "./use-chart-pointer.ts";

interface ChartOverlayProps {
  box: RefObject<HTMLDivElement | null>;
  plot: Plot;
  fromMs: number;
  toMs: number;
  stepMs: number;
  rows: readonly Row[];
  series: readonly DrawnSeries[];
  unit: Unit;
  stacked: boolean;
  events: readonly ChartEvent[];
  /** Limits above the axis; named at its top. */
  farLimits: readonly Limit[];
  /** Figures begin at `untilMs`; before it nobody collected. Null where they cover the range. */
  uncollected: { untilMs: number; collectingSinceMs: number } | null;
  onZoom: (fromMs: number, toMs: number) => void;
  onReset: () => void;
}

const eventColours = { info: "var(--notice)", warning: "var(--warning)", critical: "var(--critical)" };

/** What lies over the drawing and moves with the pointer, so that the drawing itself need not be drawn anew. */
export function ChartOverlay(props: ChartOverlayProps) {
  const { box, plot, fromMs, toMs, events, farLimits, uncollected, onZoom, onReset } = props;
  const hatch = useId();
  const zone = useTimeZone();
  const shared = useCrosshair();
  const [own, setOwn] = useState<number | null>(null);
  const [drag, setDrag] = useState<[number, number] | null>(null);
  const x = (t: number) => plot.left + ((t - fromMs) / (toMs - fromMs)) * plot.width;
  const clamped = (t: number) => Math.min(plot.left + plot.width, Math.max(plot.left, x(t)));

  useChartPointer(box, plot, { fromMs, toMs, onHover: setOwn, onDrag: setDrag, onZoom, onReset });

  const shown = events.filter(
    (event) => event.at.getTime() <= toMs && (event.endedAt ?? event.at).getTime() >= fromMs,
  );
  const bottom = plot.top + plot.height;
  return (
    <>
      <svg className="pointer-events-none absolute top-0 left-0 size-full" aria-hidden="true">
        {uncollected && (
          <>
            <defs>
              <pattern
                id={hatch}
                width="6"
                height="6"
                patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)"
              >
                <line x1="0" y1="0" x2="0" y2="6" stroke="var(--hairline-strong)" strokeWidth="1" />
              </pattern>
            </defs>
            <rect
              x={plot.left}
              y={plot.top}
              width={Math.max(0, clamped(uncollected.untilMs) - plot.left)}
              height={plot.height}
              fill={`url(#${hatch})`}
              opacity={0.45}
            />
          </>
        )}
        {shown.map((event) => {
          const start = clamped(event.at.getTime());
          const end = clamped((event.endedAt ?? event.at).getTime());
          const colour = eventColours[event.severity];
          return (
            <g key={`${event.at.getTime()} ${event.title}`}>
              {end - start > 1 && (
                <rect
                  x={start}
                  y={plot.top}
                  width={end - start}
                  height={plot.height}
                  fill={colour}
                  opacity={0.1}
                />
              )}
              <line
                x1={start}
                x2={start}
                y1={plot.top}
                y2={bottom}
                stroke={colour}
                strokeWidth={1}
                opacity={0.6}
              />
              <path d={`M${start - 4} ${plot.top - 7}h8l-4 7Z`} fill={colour} />
            </g>
          );
        })}
        {shared !== null && shared >= fromMs && shared <= toMs && (
          <line
            x1={Math.round(x(shared)) + 0.5}
            x2={Math.round(x(shared)) + 0.5}
            y1={plot.top}
            y2={bottom}
            stroke="var(--muted)"
            strokeWidth={1}
          />
        )}
        {drag && (
          <rect
            x={Math.min(clamped(drag[0]), clamped(drag[1]))}
            y={plot.top}
            width={Math.abs(clamped(drag[1]) - clamped(drag[0]))}
            height={plot.height}
            fill="var(--accent)"
            fillOpacity={0.16}
            stroke="var(--accent)"
          />
        )}
      </svg>
      {uncollected && clamped(uncollected.untilMs) - plot.left > 190 && (
        <span
          className="pointer-events-none absolute truncate rounded-sm bg-panel px-1.5 text-xs text-faint"
          style={{
            left: plot.left + 6,
            top: plot.top + plot.height / 2 - 8,
            maxWidth: clamped(uncollected.untilMs) - plot.left - 12,
          }}
        >
          Collecting since {formatMoment(uncollected.collectingSinceMs, Date.now(), zone)}
        </span>
      )}
      {farLimits.length > 0 && (
        <span
          className="pointer-events-none absolute rounded-sm bg-panel px-1 text-2xs leading-[14px] text-muted"
          style={{ left: plot.left + 2, top: plot.top - 15 }}
        >
          {farLimits.map((limit) => `${limit.label} ${formatValue(limit.value, props.unit)} ↑`).join(" · ")}
        </span>
      )}
      {own !== null && !drag && <ChartTooltip {...props} t={own} x={x(own)} events={shown} />}
    </>
  );
}
