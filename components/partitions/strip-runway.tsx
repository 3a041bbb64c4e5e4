import { runwayInWords } from "./partition-words.ts";
import { type Domain, scaleOf } from "./strip-geometry.ts";
import type { LaidLane, StripLayout } from "./strip-layout.ts";

interface StripRunwayProps {
  laid: LaidLane;
  layout: StripLayout;
  domain: Domain;
  nowMs: number;
}

/** The room right of now as a bracket with its days, in the colour of its urgency. */
export function StripRunway({ laid, layout, domain, nowMs }: StripRunwayProps) {
  const { runway } = laid.lane;
  if (!runway) return null;
  const { plotLeft, plotWidth } = layout;
  const scale = scaleOf(domain, plotWidth);
  const end = plotLeft + plotWidth;
  const from = Math.max(plotLeft, plotLeft + scale(nowMs));
  const to = Math.min(end, runway.until ? plotLeft + scale(Date.parse(runway.until)) : end);
  if (from > end || (to <= plotLeft && runway.coversNow)) return null;
  const tone =
    runway.severity === "critical"
      ? "var(--critical)"
      : runway.severity === "warning"
        ? "var(--warning)"
        : "var(--muted)";
  const words = runwayInWords(runway);
  const y = laid.bandTop + 8;
  const textWidth = words.length * 6.4 + 8;
  const middle = (from + to) / 2;
  const fits = to - from > textWidth + 14;
  // Never across the line of now: right of it where there is room, else before it.
  const beside = end - from > textWidth ? from + textWidth / 2 + 2 : from - textWidth / 2 - 2;
  const textX = fits ? middle : beside;
  return (
    <g>
      {fits && (
        <path
          d={`M${from + 3} ${y}H${middle - textWidth / 2}M${middle + textWidth / 2} ${y}H${to - 1}M${to - 1} ${y - 4}v8`}
          stroke={tone}
          fill="none"
        />
      )}
      <text x={textX} y={y + 4} textAnchor="middle" fontSize={11} fontWeight={600} fill={tone}>
        {words}
      </text>
    </g>
  );
}
