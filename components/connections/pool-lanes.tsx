"use client";

import { type ReactNode, useRef, useState } from "react";
import { timeTicks } from "@/components/charts/axis.ts";
import { useCrosshair } from "@/components/charts/crosshair.ts";
import { nearestRow, timeRows } from "@/components/charts/time-rows.ts";
import { useChartPointer } from "@/components/charts/use-chart-pointer.ts";
import { useChartSpan } from "@/components/charts/use-chart-span.ts";
import { useWidth } from "@/components/charts/use-width.ts";
import { formatValue } from "@/lib/client/format.ts";
import { formatInstant, formatTick } from "@/lib/client/format-time.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import type { SeriesHistory } from "@/lib/collector/types.ts";
import { LaneDrawing } from "./lane-drawing.tsx";
import type { LanePart } from "./lane-series.ts";

export interface Lane {
  key: string;
  title: string;
  /** Figures of this moment, at the left of the lane. */
  now: ReactNode;
  /** null when nothing can be drawn; `absent` says why. */
  history: SeriesHistory | null;
  parts: readonly LanePart[];
  capacity: number | null;
  capacityLabel: string;
  absent?: ReactNode;
}

const laneHeight = 84;
const axisHeight = 22;

/** The lanes above each other on one time axis; hover, drag and double click as in every chart. */
export function PoolLanes({ lanes }: { lanes: readonly Lane[] }) {
  const box = useRef<HTMLDivElement>(null);
  const whole = useWidth(box);
  const left = whole >= 640 ? 216 : 0;
  const width = Math.max(0, whole - left);
  const zone = useTimeZone();
  const range = useTimeRange();
  const shared = useCrosshair();
  const [own, setOwn] = useState<number | null>(null);
  const [drag, setDrag] = useState<[number, number] | null>(null);
  const prepared = lanes.map((lane) => ({
    lane,
    rows: lane.history
      ? timeRows(
          lane.history,
          lane.parts.map((part) => part.name),
          "count",
        ).rows
      : [],
    stepMs: (lane.history?.stepSeconds ?? 10) * 1_000,
  }));
  const newest = Math.max(Date.now(), ...prepared.map(({ rows }) => rows.at(-1)?.t ?? 0));
  const since = lanes.flatMap(({ history }) => history?.collectingSince?.getTime() ?? []);
  const [fromMs, toMs] = useChartSpan(since.length > 0 ? Math.min(...since) : null)(newest);
  const x = (t: number) => left + ((t - fromMs) / Math.max(1, toMs - fromMs)) * width;
  useChartPointer(
    box,
    { left, top: 0, width, height: 10_000 },
    {
      fromMs,
      toMs,
      onHover: setOwn,
      onDrag: setDrag,
      onZoom: (from, to) => range.setCustom(new Date(from), new Date(to)),
      onReset: range.reset,
    },
  );

  return (
    <div ref={box} className="relative">
      {prepared.map(({ lane, rows, stepMs }, index) => (
        <section
          key={lane.key}
          aria-label={lane.title}
          data-lane={lane.key}
          className={`grid gap-y-1 py-2.5 sm:grid-cols-[200px_minmax(0,1fr)] sm:gap-x-4 ${index ? "border-t border-hairline" : ""}`}
        >
          <div className="min-w-0">
            <h3 className="text-sm font-semibold">{lane.title}</h3>
            {lane.now}
          </div>
          {lane.history && width > 0 ? (
            <LaneDrawing
              label={`${lane.title} over time: ${lane.parts.map((part) => part.label).join(", ")}`}
              rows={rows}
              parts={lane.parts}
              waiting={lane.parts.findIndex((part) => part.label === "waiting")}
              capacity={lane.capacity}
              capacityLabel={lane.capacityLabel}
              {...{ width, fromMs, toMs, stepMs }}
              height={laneHeight}
            />
          ) : (
            <div
              className="grid place-content-center rounded-md border border-dashed border-hairline-strong px-4 text-center text-sm text-muted"
              style={{ minHeight: laneHeight }}
            >
              {lane.absent}
            </div>
          )}
        </section>
      ))}
      <svg aria-hidden width={whole} height={axisHeight} className="block">
        {timeTicks(fromMs, toMs, width, zone)
          .filter((t) => x(t) > left + 14 && x(t) < whole - 14)
          .map((t) => (
            <text key={t} x={x(t)} y={14} textAnchor="middle" fontSize={11} fill="var(--faint)">
              {formatTick(t, toMs - fromMs, zone)}
            </text>
          ))}
      </svg>
      <div
        aria-hidden
        className="pointer-events-none absolute inset-x-0 top-0"
        style={{ bottom: axisHeight }}
      >
        {shared !== null && shared >= fromMs && shared <= toMs && (
          <span className="absolute inset-y-0 w-px bg-muted" style={{ left: x(shared) }} />
        )}
        {drag && (
          <span
            className="absolute inset-y-0 border border-accent bg-accent/15"
            style={{ left: x(Math.min(...drag)), width: Math.abs(x(drag[1]) - x(drag[0])) }}
          />
        )}
      </div>
      {own !== null && !drag && (
        <div
          role="tooltip"
          className="pointer-events-none absolute top-2 z-20 w-52 rounded-md border border-hairline-strong bg-raised px-2.5 py-2 text-xs shadow-raised"
          style={x(own) > whole - 240 ? { right: whole - x(own) + 12 } : { left: x(own) + 12 }}
        >
          <p className="text-faint">{formatInstant(own, zone)}</p>
          {prepared.map(({ lane, rows, stepMs }) => {
            const row = nearestRow(rows, own, stepMs * 1.6);
            if (!lane.history) return null;
            return (
              <div key={lane.key} className="mt-1">
                <p className="font-medium">{lane.title}</p>
                {lane.parts.map((part, index) => (
                  <p key={part.name} className="flex items-center gap-1.5">
                    <span aria-hidden className="size-2 rounded-[2px]" style={{ background: part.colour }} />
                    <span className="grow text-muted">{part.label}</span>
                    <span className="font-medium">{formatValue(row?.v[index], "count")}</span>
                  </p>
                ))}
              </div>
            );
          })}
        </div>
      )}
    </div>
  );
}
