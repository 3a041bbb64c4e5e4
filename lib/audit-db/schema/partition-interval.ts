import { calendarCut, cutAt, cutIndex } from "./calendar-cut.ts";
import { labelOf, labelOfOdd, renderName } from "./name-template.ts";

export const partitionIntervals = ["day", "week", "month", "quarter"] as const;
export type PartitionInterval = (typeof partitionIntervals)[number];

/** Half-open, in UTC: `from` belongs to it, `to` does not. */
export interface Bounds {
  from: Date;
  to: Date;
}

/** The interval that holds a moment; weeks begin on Monday. */
export function intervalAt(interval: PartitionInterval, at: Date): Bounds {
  const cut = calendarCut(interval);
  const index = cutIndex(cut, toPoint(at));
  return { from: toDate(cutAt(cut, index)), to: toDate(cutAt(cut, index + 1n)) };
}

/** The intervals from the one that holds `from` to the one `ahead` intervals after the one that holds `now`. */
export function intervalsBetween(
  interval: PartitionInterval,
  from: Date,
  now: Date,
  ahead: number,
): Bounds[] {
  const intervals: Bounds[] = [];
  let current = intervalAt(interval, from);
  let left = ahead;
  while (left >= 0) {
    intervals.push(current);
    if (current.to > now) left--;
    current = intervalAt(interval, current.to);
  }
  return intervals;
}

/** What of `wanted` no range of `covered` holds, oldest first. */
export function uncovered(wanted: Bounds, covered: readonly Bounds[]): Bounds[] {
  let pieces = [wanted];
  for (const range of covered) {
    pieces = pieces.flatMap((piece) => {
      if (range.to <= piece.from || range.from >= piece.to) return [piece];
      const rest: Bounds[] = [];
      if (range.from > piece.from) rest.push({ from: piece.from, to: range.from });
      if (range.to < piece.to) rest.push({ from: range.to, to: piece.to });
      return rest;
    });
  }
  return pieces;
}

/** `2026_11_03`, `2026_w45` (ISO week), `2026_11`, `2026_q4`; other ranges `20261101_20261115`. */
export function intervalLabel(interval: PartitionInterval, bounds: Bounds): string {
  const whole = intervalAt(interval, bounds.from);
  const isWhole = +whole.from === +bounds.from && +whole.to === +bounds.to;
  const parts = { table: "", from: toPoint(bounds.from), to: toPoint(bounds.to) };
  return renderName(isWhole ? labelOf(interval) : labelOfOdd(parts), parts);
}

function toPoint(at: Date): bigint {
  return BigInt(at.getTime()) * 1_000n;
}

function toDate(point: bigint): Date {
  return new Date(Number(point / 1_000n));
}
