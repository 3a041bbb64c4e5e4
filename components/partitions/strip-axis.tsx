import { type Domain, scaleOf } from "./strip-geometry.ts";
import { axisHeight, type StripLayout } from "./strip-layout.ts";
import { calendarTicks } from "./strip-ticks.ts";

interface StripAxisProps {
  layout: StripLayout;
  domain: Domain;
  /** null when no lane has a clock: then there is no axis. */
  nowMs: number | null;
}

/** Months and years (or days, hours) of UTC above the lanes. */
export function StripAxis({ layout, domain, nowMs }: StripAxisProps) {
  if (nowMs === null) return null;
  const { plotLeft, plotWidth, height } = layout;
  const scale = scaleOf(domain, plotWidth);
  const bottom = height - 6;
  const nowX = plotLeft + scale(nowMs);
  const nowShown = nowX >= plotLeft && nowX <= plotLeft + plotWidth;
  return (
    <g fontSize={11}>
      {calendarTicks(domain, plotWidth).map(({ at, label, major }) => {
        const x = Math.round(plotLeft + scale(at)) + 0.5;
        // Its words would run into those of now.
        const hidden = nowShown && x > nowX - 48 && x < nowX + 18;
        return (
          <g key={at}>
            <line
              x1={x}
              x2={x}
              y1={axisHeight - 6}
              y2={bottom}
              stroke={major ? "var(--hairline-strong)" : "var(--hairline)"}
            />
            {!hidden && x < plotLeft + plotWidth - 20 && (
              <text
                x={x + 4}
                y={axisHeight - 12}
                fill={major ? "var(--muted)" : "var(--faint)"}
                fontWeight={major ? 500 : 400}
              >
                {label}
              </text>
            )}
          </g>
        );
      })}
      {plotLeft > 0 && (
        <text x={0} y={axisHeight - 12} fill="var(--faint)">
          UTC
        </text>
      )}
    </g>
  );
}

/** Now as a bright line through every lane. Drawn after the cells. */
export function StripNow({ layout, domain, nowMs }: StripAxisProps) {
  const { plotLeft, plotWidth, height } = layout;
  const x = nowMs === null ? -1 : scaleOf(domain, plotWidth)(nowMs);
  if (x < 0 || x > plotWidth) return null;
  const line = { x1: plotLeft + x, x2: plotLeft + x, y1: axisHeight - 8, y2: height - 4 };
  return (
    <g>
      <line {...line} stroke="var(--panel)" strokeWidth={5} />
      <line {...line} stroke="var(--ink)" strokeWidth={2} />
      <text
        x={plotLeft + Math.min(plotWidth - 12, Math.max(12, x))}
        y={axisHeight - 12}
        fontSize={11}
        fontWeight={600}
        textAnchor="middle"
        fill="var(--ink)"
      >
        now
      </text>
    </g>
  );
}
