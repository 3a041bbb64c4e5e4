import { formatNumber } from "@/lib/client/format.ts";
import { qualify } from "./partition-inputs.ts";
import { laneInWords, laneLabel } from "./partition-words.ts";
import { StripCell } from "./strip-cell.tsx";
import { type Domain, hasClock } from "./strip-geometry.ts";
import type { LaidLane, StripLayout } from "./strip-layout.ts";
import { StripMarks } from "./strip-marks.tsx";
import { StripRunway } from "./strip-runway.tsx";
import { type Shade, shadeColour } from "./strip-shade.ts";

interface StripLaneProps {
  laid: LaidLane;
  layout: StripLayout;
  domain: Domain;
  nowMs: number;
  shade: Shade;
  hatch: string;
  openName: string | null;
}

/** One branch: its name, its partitions along the axis, its marks, its runway, and what stands beside the axis. */
export function StripLane(props: StripLaneProps) {
  const { laid, layout, domain, nowMs, shade, hatch, openName } = props;
  const { lane, placed, labelTop, barTop, barHeight } = laid;
  const { plotLeft, plotWidth, asideLeft } = layout;
  const wide = plotLeft > 0;
  const clock = hasClock(lane);
  return (
    <g>
      <LaneName laid={laid} top={labelTop} wide={wide} />
      <line
        x1={plotLeft}
        x2={plotLeft + plotWidth}
        y1={barTop + barHeight / 2}
        y2={barTop + barHeight / 2}
        stroke="var(--hairline-strong)"
        strokeDasharray="1 4"
      />
      {placed.cells.map((cell) => (
        <StripCell
          key={cell.key}
          placed={cell}
          x={plotLeft + cell.x}
          y={barTop}
          width={cell.width}
          height={barHeight}
          fill={fillOf(shade.levelOf(cell.cells), hatch)}
          open={cell.cells.some((each) => qualify(each) === openName)}
        />
      ))}
      <StripMarks laid={laid} plotLeft={plotLeft} plotWidth={plotWidth} />
      {clock && lane.runway && <StripRunway laid={laid} layout={layout} domain={domain} nowMs={nowMs} />}
      {placed.aside.map((cell, at) => {
        const [only] = cell.cells;
        const width = layout.asideWidth / placed.aside.length;
        return (
          only && (
            <g key={cell.key}>
              <StripCell
                placed={cell}
                x={asideLeft + at * width}
                y={barTop}
                width={width}
                height={barHeight}
                fill={fillOf(shade.levelOf(cell.cells), hatch)}
                open={qualify(only) === openName}
              />
              {at === 0 && (
                <text x={asideLeft} y={barTop - 5} fontSize={11} fill={asideTone(laid)}>
                  {asideWords(laid)}
                </text>
              )}
            </g>
          )
        );
      })}
    </g>
  );
}

function LaneName({ laid, top, wide }: { laid: LaidLane; top: number; wide: boolean }) {
  const label = laneLabel(laid.lane.label);
  const cut = wide ? 22 : 28;
  const shown = label.length > cut ? `${label.slice(0, cut - 1)}…` : label;
  const middle = wide ? top + laid.barHeight / 2 : top + 9;
  return (
    <g>
      <title>{label}</title>
      <text x={0} y={wide ? middle - 3 : middle + 4} fontSize={13} fontWeight={500} fill="var(--ink)">
        {shown}
        {!wide && (
          <tspan dx={8} fontSize={11} fontWeight={400} fill="var(--faint)">
            {laneInWords(laid.lane)}
          </tspan>
        )}
      </text>
      {wide && (
        <text x={0} y={middle + 12} fontSize={11} fill="var(--faint)">
          {laneInWords(laid.lane)}
        </text>
      )}
    </g>
  );
}

function fillOf(level: number | null, hatch: string): string {
  return level === null ? hatch : shadeColour(level);
}

/** "default · 1,000+ rows", or that bounds are hidden. */
function asideWords({ lane }: LaidLane): string {
  const fallback = lane.defaultPartition;
  if (!fallback) return lane.unknownBounds > 0 ? "bounds hidden" : "default";
  const rows = fallback.rows ?? fallback.rowsEstimated;
  if (rows === null) return "default · ? rows";
  const about = fallback.rows === null ? "~" : "";
  return `default · ${about}${formatNumber(rows)}${fallback.capped ? "+" : ""}`;
}

function asideTone({ lane }: LaidLane): string {
  const rows = lane.defaultPartition?.rows ?? lane.defaultPartition?.rowsEstimated ?? 0;
  return rows > 0 ? "var(--warning)" : "var(--muted)";
}
