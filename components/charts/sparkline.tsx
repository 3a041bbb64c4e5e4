/**
 * <Sparkline points={object.spark} label="Calls per second" />: plain SVG, no library; gaps stay gaps, y from zero.
 * Fills the width of its container unless `width` is given.
 */
import type { Point } from "@/lib/collector/types.ts";

interface SparklineProps {
  points: readonly Point[];
  /** What it shows, for people who cannot see it. */
  label: string;
  height?: number;
  width?: number;
  colour?: string;
  /** "data" starts the axis at the lowest figure: for ratios near one. */
  from?: "zero" | "data";
}

const drawn = 100;

export function Sparkline({
  points,
  label,
  height = 28,
  width,
  colour = "var(--accent)",
  from = "zero",
}: SparklineProps) {
  const values = points.map(([, value]) => value).filter((value) => value !== null);
  const highest = values.length ? Math.max(...values) : 0;
  const lowest = values.length ? Math.min(...values) : 0;
  const low = from === "zero" ? Math.min(0, lowest) : lowest;
  const span = highest - low || 1;
  const first = points[0]?.[0] ?? 0;
  const length = (points.at(-1)?.[0] ?? 1) - first || 1;
  const y = (value: number) => height - 2 - ((value - low) / span) * (height - 4);
  const segments = lineSegments(points).map((segment) =>
    segment.map(([t, value]) => [((t - first) / length) * drawn, y(value)] as const),
  );
  return (
    <svg
      role="img"
      aria-label={values.length ? label : `${label}: no figures`}
      data-chart
      viewBox={`0 0 ${drawn} ${height}`}
      preserveAspectRatio="none"
      className="block w-full overflow-visible"
      style={{ height, ...(width && { width }) }}
    >
      {segments.map((segment) => {
        const line = segment
          .map(([x, each], index) => `${index ? "L" : "M"}${x.toFixed(2)} ${each.toFixed(2)}`)
          .join("");
        const [start, end] = [segment[0]?.[0] ?? 0, segment.at(-1)?.[0] ?? 0];
        return (
          <g key={start}>
            <path
              d={`${line}L${end.toFixed(2)} ${height}L${start.toFixed(2)} ${height}Z`}
              fill={colour}
              opacity={0.12}
            />
            <path
              d={segment.length === 1 ? `${line}h0.01` : line}
              fill="none"
              stroke={colour}
              strokeWidth={segment.length === 1 ? 3 : 1.5}
              strokeLinejoin="round"
              strokeLinecap="round"
              vectorEffect="non-scaling-stroke"
            />
          </g>
        );
      })}
      {values.length === 0 && (
        <line
          x1={0}
          x2={drawn}
          y1={height - 2}
          y2={height - 2}
          stroke="var(--hairline-strong)"
          strokeDasharray="2 3"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}

/** Runs of points without a gap between them. */
export function lineSegments(points: readonly Point[]): [number, number][][] {
  const segments: [number, number][][] = [];
  let open: [number, number][] | null = null;
  for (const [t, value] of points) {
    if (value === null) {
      open = null;
      continue;
    }
    if (!open) {
      open = [];
      segments.push(open);
    }
    open.push([t, value]);
  }
  return segments;
}
