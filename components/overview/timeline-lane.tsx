"use client";

import { useRef, useState } from "react";
import { valueAxisWidth } from "@/components/charts/axis.ts";
import { useCrosshair } from "@/components/charts/crosshair.ts";
import { useChartSpan } from "@/components/charts/use-chart-span.ts";
import { useWidth } from "@/components/charts/use-width.ts";
import { cn } from "@/components/ui/cn.ts";
import { formatMoment } from "@/lib/client/format-time.ts";
import { useNow } from "@/lib/client/now.ts";
import { useTimeZone } from "@/lib/client/time-zone.ts";
import { useTimeRange } from "@/lib/client/url-state.ts";
import type { TargetEvent } from "@/lib/collector/types.ts";
import { endOf, type PlacedEvents, placeEvents } from "./place-events.ts";

/** The charts' own margins, so that times stand above each other. */
const room = { left: valueAxisWidth, right: 16 };

const tones: Record<TargetEvent["severity"], string> = {
  info: "bg-notice",
  warning: "bg-warning",
  critical: "bg-critical",
};
const softTones: Record<TargetEvent["severity"], string> = {
  info: "bg-notice-soft border-notice",
  warning: "bg-warning-soft border-warning",
  critical: "bg-critical-soft border-critical",
};

interface TimelineLaneProps {
  events: readonly TargetEvent[];
  collectingSince: Date | null;
}

/** One band over the range: spans for what lasted, marks for moments. A click zooms the page to it. */
export function TimelineLane({ events, collectingSince }: TimelineLaneProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = Math.max(0, useWidth(box) - room.left - room.right);
  const range = useTimeRange();
  const zone = useTimeZone();
  const shared = useCrosshair();
  const [hovered, setHovered] = useState<PlacedEvents | null>(null);
  const span = useChartSpan(collectingSince?.getTime() ?? null);
  // Moves when it has a pixel to move.
  const now = useNow((range.seconds * 1_000) / Math.max(1, width)) ?? Date.now();
  const ends = span(now);
  const [fromMs, toMs] = ends;
  const { spans, marks } = placeEvents(events, ends, width, now);
  const x = (ms: number) => ((ms - fromMs) / Math.max(1, toMs - fromMs)) * width;
  const blind = collectingSince ? Math.min(width, Math.max(0, x(collectingSince.getTime()))) : 0;

  function zoom(placed: PlacedEvents) {
    const starts = placed.events.map((event) => event.at.getTime());
    const stops = placed.events.map((event) => endOf(event, now));
    const [start, stop] = [Math.min(...starts), Math.max(...stops)];
    const margin = Math.max(300_000, (stop - start) * 0.5);
    range.setCustom(new Date(start - margin), new Date(Math.min(now, stop + margin)));
  }
  const words = (placed: PlacedEvents) =>
    placed.events.map((event) => `${formatMoment(event.at, now, zone)} ${event.title}`).join("\n");
  const pick = (placed: PlacedEvents) => ({
    type: "button" as const,
    // What the mark shows, its count, is said first: whoever speaks to the page calls it by that.
    "aria-label": `${placed.events.length > 1 ? `${placed.events.length} events: ` : ""}${words(placed)}. Zoom to it`,
    onClick: () => zoom(placed),
    onPointerEnter: () => setHovered(placed),
    onPointerLeave: () => setHovered(null),
    onFocus: () => setHovered(placed),
    onBlur: () => setHovered(null),
  });
  const keyOf = (placed: PlacedEvents) => `${placed.events[0]?.at.getTime()} ${placed.events[0]?.title}`;

  return (
    <div ref={box} className="relative h-9">
      <div
        className="absolute top-1 h-6 rounded-sm bg-inset"
        style={{ left: room.left, width }}
        data-timeline-lane
      >
        {blind > 0 && <div aria-hidden className="bg-hatch h-full opacity-60" style={{ width: blind }} />}
        {spans.map((span) => (
          <button
            key={keyOf(span)}
            {...pick(span)}
            data-kind={span.events[0]?.kind}
            className={cn("absolute inset-y-0 rounded-[2px] border-x", softTones[span.severity])}
            style={{ left: span.x, width: span.width }}
          >
            <span aria-hidden className={cn("absolute inset-x-0 top-0 h-1", tones[span.severity])} />
          </button>
        ))}
        {marks.map((mark) => (
          <button
            key={keyOf(mark)}
            {...pick(mark)}
            data-kind={mark.events[0]?.kind}
            className="absolute top-0 grid h-6 w-4 -translate-x-1/2 place-items-center rounded-sm"
            style={{ left: mark.x }}
          >
            {mark.events.length > 1 ? (
              <span
                aria-hidden
                className={cn(
                  "grid h-4 min-w-4 place-items-center rounded-full px-1 text-2xs leading-none font-semibold text-panel",
                  tones[mark.severity],
                )}
              >
                {mark.events.length}
              </span>
            ) : (
              <span aria-hidden className={cn("size-2.5 rotate-45 rounded-[2px]", tones[mark.severity])} />
            )}
          </button>
        ))}
        {shared !== null && shared >= fromMs && shared <= toMs && (
          <span aria-hidden className="absolute inset-y-0 w-px bg-muted" style={{ left: x(shared) }} />
        )}
        {events.length === 0 && width > 0 && (
          <span className="pointer-events-none absolute inset-0 grid place-items-center text-xs text-muted">
            <span className="rounded-sm bg-inset px-2">
              {blind > 0
                ? "No outage, restart or reset since collecting began"
                : "No outage, restart or reset in this range"}
            </span>
          </span>
        )}
      </div>
      {hovered && (
        <div
          role="tooltip"
          className="pointer-events-none absolute top-8 z-20 max-w-80 rounded-md border border-hairline-strong bg-raised px-2.5 py-2 text-xs whitespace-pre-line shadow-raised"
          style={{
            left: Math.min(Math.max(0, room.left + hovered.x - 20), Math.max(0, room.left + width - 300)),
          }}
        >
          {words(hovered)}
        </div>
      )}
    </div>
  );
}
