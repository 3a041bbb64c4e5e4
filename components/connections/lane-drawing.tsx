import type { Row } from "@/components/charts/time-rows.ts";
import { formatValue } from "@/lib/client/format.ts";
import type { LanePart } from "./lane-series.ts";

interface LaneDrawingProps {
  label: string;
  rows: readonly Row[];
  parts: readonly LanePart[];
  /** Index of the part that waits. */
  waiting: number;
  capacity: number | null;
  capacityLabel: string;
  width: number;
  height: number;
  fromMs: number;
  toMs: number;
  stepMs: number;
}

/** Height of the band that only lights up where something waits. */
const queueHeight = 10;

/** One lane: its connections stacked over time, and above them the band of those that wait. */
export function LaneDrawing(props: LaneDrawingProps) {
  const { label, rows, parts, waiting, capacity, capacityLabel, width, height, fromMs, toMs, stepMs } = props;
  const highest = Math.max(
    1,
    ...rows.map((row) => row.v.reduce<number>((all, value) => all + (value ?? 0), 0)),
  );
  const near = capacity !== null && capacity <= highest * 3;
  const top = (near ? Math.max(highest, capacity) : highest) * 1.12;
  const ground = height;
  const room = height - queueHeight - 16;
  const x = (t: number) => ((t - fromMs) / Math.max(1, toMs - fromMs)) * width;
  const y = (value: number) => ground - (value / top) * room;
  const most = Math.max(1, ...rows.map((row) => row.v[waiting] ?? 0));
  return (
    <svg
      role="img"
      aria-label={label}
      data-chart
      width={width}
      height={height}
      className="block overflow-hidden"
    >
      <rect width={width} height={queueHeight} rx={2} fill="var(--inset)" />
      {rows.map((row) => {
        const value = row.v[waiting] ?? 0;
        if (value <= 0) return null;
        const left = Math.max(0, x(row.t - stepMs / 2));
        return (
          <rect
            key={row.t}
            x={left}
            width={Math.max(2, x(row.t + stepMs / 2) - left)}
            height={queueHeight}
            fill="var(--series-6)"
            opacity={0.4 + 0.6 * Math.min(1, value / most)}
          />
        );
      })}
      {parts.map((part, index) => (
        <path
          key={part.name}
          d={bandPath(rows, index, x, y, x(fromMs + stepMs) - x(fromMs))}
          fill={part.colour}
          fillOpacity={index === waiting ? 1 : 0.75}
        />
      ))}
      <line x1={0} x2={width} y1={ground - 0.5} y2={ground - 0.5} stroke="var(--hairline-strong)" />
      {near && capacity !== null && (
        <line
          x1={0}
          x2={width}
          y1={Math.round(y(capacity)) + 0.5}
          y2={Math.round(y(capacity)) + 0.5}
          stroke="var(--muted)"
          strokeDasharray="3 3"
        />
      )}
      {capacity !== null && (
        <text
          x={4}
          y={near ? y(capacity) - 4 : queueHeight + 12}
          fontSize={11}
          fill="var(--muted)"
          stroke="var(--panel)"
          strokeWidth={3}
          paintOrder="stroke"
        >
          {formatValue(capacity, "count")} {capacityLabel}
          {!near && " ↑"}
        </text>
      )}
    </svg>
  );
}

/** One part of the stack; a gap in any part below ends the band. */
function bandPath(
  rows: readonly Row[],
  index: number,
  x: (t: number) => number,
  y: (value: number) => number,
  stepWidth: number,
): string {
  const runs: { t: number; low: number; high: number }[][] = [];
  let open: { t: number; low: number; high: number }[] | null = null;
  for (const row of rows) {
    const values = row.v.slice(0, index + 1);
    if (values.some((value) => value === null)) {
      open = null;
      continue;
    }
    const low = values.slice(0, -1).reduce<number>((all, value) => all + (value ?? 0), 0);
    if (!open) {
      open = [];
      runs.push(open);
    }
    open.push({ t: row.t, low, high: low + (values.at(-1) ?? 0) });
  }
  const at = (each: number, value: number) => `${x(each).toFixed(1)} ${y(value).toFixed(1)}`;
  return runs
    .map((run) => {
      const [only] = run;
      if (run.length === 1 && only)
        return `M${at(only.t, only.low)}L${at(only.t, only.high)}h${Math.max(1.5, stepWidth * 0.6).toFixed(1)}V${y(only.low).toFixed(1)}Z`;
      return `M${run.map((each) => at(each.t, each.high)).join("L")}L${run
        .toReversed()
        .map((each) => at(each.t, each.low))
        .join("L")}Z`;
    })
    .join("");
}
