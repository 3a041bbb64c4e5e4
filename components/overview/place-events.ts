import type { TargetEvent } from "@/lib/collector/types.ts";

/** An event, or several that lie too near each other to be told apart, in pixels from the left end of the range. */
export interface PlacedEvents {
  x: number;
  /** 0 for moments; spans are at least 3 pixels wide. */
  width: number;
  severity: TargetEvent["severity"];
  events: TargetEvent[];
}

const order = { critical: 0, warning: 1, info: 2 };

/**
 * Places events of a range on `width` pixels: things that lasted as spans, moments as marks, marks nearer than
 * `apart` pixels as one. What is still going on ends at `nowMs`.
 */
export function placeEvents(
  events: readonly TargetEvent[],
  [fromMs, toMs]: readonly [number, number],
  width: number,
  nowMs: number,
  apart = 14,
): { spans: PlacedEvents[]; marks: PlacedEvents[] } {
  const at = (ms: number) =>
    (Math.min(toMs, Math.max(fromMs, ms)) - fromMs) * (width / Math.max(1, toMs - fromMs));
  const spans: PlacedEvents[] = [];
  const marks: PlacedEvents[] = [];
  for (const event of events.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    const start = event.at.getTime();
    const end = endOf(event, nowMs);
    if (start > toMs || Math.max(start, end) < fromMs) continue;
    if (end > start) {
      const x = at(start);
      spans.push({ x, width: Math.max(3, at(end) - x), severity: event.severity, events: [event] });
      continue;
    }
    const x = at(start);
    const last = marks.at(-1);
    if (last && x - last.x < apart) {
      last.events.push(event);
      if (order[event.severity] < order[last.severity]) last.severity = event.severity;
    } else marks.push({ x, width: 0, severity: event.severity, events: [event] });
  }
  return { spans, marks };
}

/** Outages and pauses of the collector last; everything else is a moment. */
export function endOf(event: TargetEvent, nowMs: number): number {
  if (event.endedAt) return event.endedAt.getTime();
  return event.kind === "outage" ? nowMs : event.at.getTime();
}
