"use client";

import { useId, useMemo, useRef } from "react";
import { useWidth } from "@/components/charts/use-width.ts";
import type { LaneSpan } from "@/lib/partition-facts/types.ts";
import type { PartitionCell, PartitionLane } from "@/lib/partitions/types.ts";
import { StripAxis, StripNow } from "./strip-axis.tsx";
import { StripButtons } from "./strip-buttons.tsx";
import { type Domain, timeDomain } from "./strip-geometry.ts";
import { StripLane } from "./strip-lane.tsx";
import { layStrip } from "./strip-layout.ts";
import type { Shade } from "./strip-shade.ts";
import { StripTooltip } from "./strip-tooltip.tsx";
import type { StripWork } from "./strip-work.ts";
import { StripWorkMarks } from "./strip-work-marks.tsx";
import { useStripDrag } from "./use-strip-drag.ts";
import { type StopPlace, useStripStops } from "./use-strip-stops.ts";

interface StripProps {
  label: string;
  lanes: readonly PartitionLane[];
  now: Date;
  shade: Shade;
  zoom: Domain | null;
  onZoom: (zoom: Domain | null) => void;
  onOpen: (cell: PartitionCell) => void;
  onGap: (lane: PartitionLane, gap: LaneSpan) => void;
  /** What is planned in the open drawer, or being done. */
  work: StripWork | null;
  /** Pixels to fill; lanes of their usual height when null. */
  roomHeight: number | null;
  /** The partition whose sheet is open, as `qualify` writes it. */
  openName: string | null;
}

/**
 * The partition strip: time from left to right, a lane a branch, a cell a partition as wide as its interval. Arrow
 * keys go from cell to cell, Enter opens; dragging zooms, a double click shows all.
 */
export function Strip(props: StripProps) {
  const { label, lanes, now, shade, zoom, onZoom, onOpen, onGap, work, roomHeight, openName } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const hatch = useId();
  const nowMs = now.getTime();
  const ghosts = work?.ghosts;
  const whole = useMemo(() => timeDomain(lanes, nowMs, ghosts), [lanes, nowMs, ghosts]);
  const domain = useMemo(
    () => (whole && zoom) || whole || { fromMs: nowMs - 1, toMs: nowMs + 1 },
    [whole, zoom, nowMs],
  );
  const layout = useMemo(
    () => layStrip(lanes, domain, width, nowMs, roomHeight, ghosts),
    [lanes, domain, width, nowMs, roomHeight, ghosts],
  );

  const pick = (place: StopPlace) => {
    const laid = layout.lanes[place.lane];
    const stop = laid?.stops[place.stop];
    if (!laid || !stop) return;
    if (stop.kind === "gap") return onGap(laid.lane, stop.gap);
    const { cells } = stop.placed;
    const [first] = cells;
    if (first && cells.length === 1) return onOpen(first);
    const zoomed = spanOf(cells);
    if (zoomed) onZoom(zoomed);
  };
  const { stop, shown: pointed } = useStripStops(box, layout, pick);
  const drag = useStripDrag(box, layout, domain, whole ? onZoom : null);
  const shown = drag ? null : pointed;
  const shownLane = shown && layout.lanes[shown.lane];
  const shownStop = shown && shownLane?.stops[shown.stop];

  return (
    <div ref={box} className="relative touch-pan-y select-none" style={{ minHeight: layout.height }}>
      {width > 0 && (
        <>
          <svg data-chart aria-hidden width={width} height={layout.height} className="block overflow-visible">
            <defs>
              <pattern
                id={hatch}
                width="5"
                height="5"
                patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)"
              >
                <rect width="5" height="5" fill="var(--inset)" />
                <rect width="1.5" height="5" fill="var(--unknown)" fillOpacity="0.5" />
              </pattern>
            </defs>
            <StripAxis layout={layout} domain={domain} nowMs={whole ? nowMs : null} />
            {layout.lanes.map((laid) => (
              <StripLane
                key={laid.lane.key}
                laid={laid}
                layout={layout}
                domain={domain}
                nowMs={nowMs}
                shade={shade}
                hatch={`url(#${hatch})`}
                openName={openName}
              />
            ))}
            <StripNow layout={layout} domain={domain} nowMs={whole ? nowMs : null} />
            {drag && (
              <rect
                x={drag[0]}
                width={drag[1] - drag[0]}
                height={layout.height}
                fill="var(--accent)"
                fillOpacity={0.14}
              />
            )}
          </svg>
          <section aria-label={label}>
            {layout.lanes.map((laid, index) => (
              <StripButtons
                key={laid.lane.key}
                laid={laid}
                index={index}
                layout={layout}
                stop={stop.lane === index ? stop.stop : null}
              />
            ))}
          </section>
          {work && <StripWorkMarks work={work} layout={layout} />}
        </>
      )}
      {shownStop && shownLane && (
        <StripTooltip
          stop={shownStop}
          x={shownStop.kind === "aside" ? width - 40 : layout.plotLeft + shownStop.x + shownStop.width / 2}
          y={shownLane.barTop + shownLane.barHeight}
          boxWidth={width}
        />
      )}
    </div>
  );
}

function spanOf(cells: readonly PartitionCell[]): Domain | null {
  const [from, to] = [cells[0]?.from, cells.at(-1)?.to];
  return from && to ? { fromMs: Date.parse(from), toMs: Date.parse(to) } : null;
}
