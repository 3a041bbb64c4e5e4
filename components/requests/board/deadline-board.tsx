"use client";

import { type KeyboardEvent, useId, useMemo, useRef } from "react";
import { useWidth } from "@/components/charts/use-width.ts";
import { calendarTicks } from "@/components/partitions/strip-ticks.ts";
import type { RequestSummary } from "@/lib/requests/types.ts";
import { boardGrid, sharedFrom } from "./board-grid.ts";
import { boardSpan, type TimeSpan, type Track, trackOf } from "./deadline-tracks.ts";
import { HatchPattern } from "./hatch-pattern.tsx";
import { Now } from "./track-bar.tsx";
import { TrackRow } from "./track-row.tsx";

interface DeadlineBoardProps {
  requests: readonly RequestSummary[];
  now: Date;
}

const axisHeight = 26;
/** Of a row, both sides together. */
const sidePadding = 32;

/**
 * Every open request as a track from receipt to its due day: hatched where its clock stood, dashed where it was extended,
 * red past due; now is one line through all. Narrow boards give each its own axis. Arrow keys go from row to row.
 */
export function DeadlineBoard({ requests, now }: DeadlineBoardProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<HTMLDivElement>(null);
  const boardWidth = useWidth(box);
  const plotWidth = useWidth(plot);
  const hatch = useId();
  const nowMs = now.getTime();
  const tracks = useMemo(() => requests.map((request) => trackOf(request, nowMs)), [requests, nowMs]);
  const span = useMemo(() => boardSpan(tracks, nowMs), [tracks, nowMs]);
  const shared = boardWidth >= sharedFrom;
  return (
    <div ref={box} className="@container relative">
      <HatchPattern id={hatch} />
      <div className={`${boardGrid} hidden @min-[740px]:grid`} style={{ height: axisHeight }}>
        <span />
        <div ref={plot} className="col-start-2">
          {plotWidth > 0 && <Axis span={span} width={plotWidth} nowMs={nowMs} />}
        </div>
      </div>
      <ol aria-label="Open requests, due first" className="grid" onKeyDown={moveFocus}>
        {requests.map((request, index) => (
          <TrackRow
            key={request.id}
            request={request}
            track={tracks[index] as Track}
            span={shared ? span : null}
            width={shared ? plotWidth : Math.max(0, boardWidth - sidePadding)}
            hatch={`url(#${hatch})`}
            nowMs={nowMs}
          />
        ))}
      </ol>
    </div>
  );
}

function Axis({ span, width, nowMs }: { span: TimeSpan; width: number; nowMs: number }) {
  const x = (ms: number) => ((ms - span.fromMs) / (span.toMs - span.fromMs)) * width;
  const nowX = x(nowMs);
  return (
    <svg aria-hidden width={width} height={axisHeight} className="block overflow-visible" fontSize={11}>
      {calendarTicks(span, width, 64).map(({ at, label, major }) => {
        const left = Math.round(x(at)) + 0.5;
        const hidden = Math.abs(left + 14 - nowX) < 34 || left > width - 30;
        return (
          <g key={at}>
            <line
              x1={left}
              x2={left}
              y1={axisHeight - 6}
              y2={axisHeight}
              stroke={major ? "var(--hairline-strong)" : "var(--hairline)"}
            />
            {!hidden && (
              <text x={left + 4} y={axisHeight - 9} fill={major ? "var(--muted)" : "var(--faint)"}>
                {label}
              </text>
            )}
          </g>
        );
      })}
      <text x={nowX} y={axisHeight - 9} textAnchor="middle" fontWeight={600} fill="var(--ink)">
        now
      </text>
      <Now x={nowX} height={0} />
    </svg>
  );
}

function moveFocus(event: KeyboardEvent<HTMLElement>) {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("a[data-request]")];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  rows[Math.min(rows.length - 1, Math.max(0, to))]?.focus();
}
