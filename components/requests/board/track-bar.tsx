import { dayMs, type TimeSpan, type Track, type TrackPart } from "./deadline-tracks.ts";

interface TrackBarProps {
  track: Track;
  span: TimeSpan;
  width: number;
  height: number;
  hatch: string;
  /** Colour of the days to come: says how near due is. */
  colour: string;
  /** Whether now is drawn here; a board draws it once for all. */
  nowMs: number | null;
}

/** The days of one request as cells, one a day where there is room: gone by, to come, stood, extended, overdue. */
export function TrackBar({ track, span, width, height, hatch, colour, nowMs }: TrackBarProps) {
  const x = (ms: number) => ((ms - span.fromMs) / (span.toMs - span.fromMs)) * width;
  const from = Math.max(0, x(track.receivedMs));
  const barTop = 9;
  const barHeight = height - 18;
  return (
    <svg aria-hidden width={width} height={height} className="block">
      <line
        x1={0}
        x2={width}
        y1={height / 2}
        y2={height / 2}
        stroke="var(--hairline-strong)"
        strokeDasharray="1 5"
      />
      {track.parts.map((part) => {
        const left = Math.max(0, x(part.fromMs));
        const right = Math.min(width, x(part.toMs));
        if (right <= left) return null;
        const box = { x: left, y: barTop, width: right - left, height: barHeight };
        return (
          <g key={`${part.kind} ${part.fromMs}`} data-part={part.kind}>
            <rect {...box} fill="var(--panel)" />
            <rect {...box} {...looks(part, hatch, colour)} />
          </g>
        );
      })}
      {dayLines(track, x, width).map((at) => (
        <line key={at} x1={at} x2={at} y1={barTop} y2={barTop + barHeight} stroke="var(--panel)" />
      ))}
      <rect x={from} y={barTop - 2} width={2.5} height={barHeight + 4} rx={1} fill="var(--muted)" />
      {track.dueMs !== null && x(track.dueMs) <= width && (
        <rect
          x={x(track.dueMs) - 1.5}
          y={barTop - 5}
          width={3}
          height={barHeight + 10}
          rx={1}
          fill={colour}
          data-due
        />
      )}
      {nowMs !== null && <Now x={x(nowMs)} height={height} />}
    </svg>
  );
}

export function Now({ x, height }: { x: number; height: number }) {
  const line = { x1: x, x2: x, y1: 0, y2: height };
  return (
    <g>
      <line {...line} stroke="var(--panel)" strokeWidth={4} />
      <line {...line} stroke="var(--ink)" strokeWidth={1.5} />
    </g>
  );
}

function looks({ kind }: TrackPart, hatch: string, colour: string) {
  switch (kind) {
    case "ran":
      return { fill: "var(--control)", fillOpacity: 0.42 };
    case "left":
      return { fill: colour, fillOpacity: 0.3 };
    case "stood":
      return { fill: hatch };
    case "extended":
      return { fill: colour, fillOpacity: 0.12, stroke: colour, strokeOpacity: 0.6, strokeDasharray: "3 2" };
    case "over":
      return { fill: "var(--critical)", fillOpacity: 0.85 };
  }
}

/** Where a day ends, in pixels, as long as days are wide enough to tell apart. */
function dayLines(track: Track, x: (ms: number) => number, width: number): number[] {
  if (x(dayMs) - x(0) < 5) return [];
  const lines: number[] = [];
  for (let at = track.receivedMs + dayMs; at < track.endMs; at += dayMs) {
    const left = Math.round(x(at)) + 0.5;
    if (left > 0 && left < width) lines.push(left);
  }
  return lines;
}
