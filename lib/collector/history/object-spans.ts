import { rawKeepSeconds } from "../retention.ts";
import type { TimeRange } from "../types.ts";

/** Half-open spans of slots, epoch milliseconds. */
export interface Spans {
  hour: [number, number];
  raw: [number, number][];
}

const hourMs = 3_600_000;

/**
 * Which parts of a window are read from hours and which from raw samples: whole rolled-up hours, and the
 * raw edges while they are kept; beyond that an edge is widened to its hour.
 */
export function spansOf(range: TimeRange, hourUntil: Date | null, now: number): Spans {
  const [from, to] = [range.from.getTime(), range.to.getTime()];
  const rolled = hourUntil?.getTime() ?? Number.NEGATIVE_INFINITY;
  const rawFrom = now - rawKeepSeconds * 1_000 - 60_000;
  const start = from < rawFrom ? Math.floor(from / hourMs) * hourMs : Math.ceil(from / hourMs) * hourMs;
  const whole = to < rawFrom ? Math.ceil(to / hourMs) * hourMs : Math.floor(to / hourMs) * hourMs;
  const end = Math.max(start, Math.min(whole, rolled));
  if (end <= start) return { hour: [start, start], raw: [[from, to]] };
  const edges: [number, number][] = [
    [from, start],
    [end, to],
  ];
  return { hour: [start, end], raw: edges.filter(([a, b]) => a < b) };
}
