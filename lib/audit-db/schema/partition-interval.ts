export const partitionIntervals = ["day", "week", "month", "quarter"] as const;
export type PartitionInterval = (typeof partitionIntervals)[number];

/** Half-open, in UTC: `from` belongs to it, `to` does not. */
export interface Bounds {
  from: Date;
  to: Date;
}

const dayMs = 86_400_000;

/** The interval that holds a moment; weeks begin on Monday. */
export function intervalAt(interval: PartitionInterval, at: Date): Bounds {
  const year = at.getUTCFullYear();
  const month = at.getUTCMonth();
  const date = at.getUTCDate();
  switch (interval) {
    case "day":
      return { from: utc(year, month, date), to: utc(year, month, date + 1) };
    case "week": {
      const monday = date - ((at.getUTCDay() + 6) % 7);
      return { from: utc(year, month, monday), to: utc(year, month, monday + 7) };
    }
    case "month":
      return { from: utc(year, month, 1), to: utc(year, month + 1, 1) };
    case "quarter": {
      const first = month - (month % 3);
      return { from: utc(year, first, 1), to: utc(year, first + 3, 1) };
    }
  }
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
  const [year, month, date] = bounds.from.toISOString().slice(0, 10).split("-");
  if (+whole.from !== +bounds.from || +whole.to !== +bounds.to) {
    const compact = (at: Date) => at.toISOString().slice(0, 10).replaceAll("-", "");
    return `${compact(bounds.from)}_${compact(bounds.to)}`;
  }
  switch (interval) {
    case "day":
      return `${year}_${month}_${date}`;
    case "month":
      return `${year}_${month}`;
    case "quarter":
      return `${year}_q${Math.ceil(Number(month) / 3)}`;
    case "week": {
      // The ISO year and number of a week are those of its Thursday.
      const thursday = new Date(bounds.from.getTime() + 3 * dayMs);
      const first = utc(thursday.getUTCFullYear(), 0, 1);
      const week = Math.floor((thursday.getTime() - first.getTime()) / dayMs / 7) + 1;
      return `${thursday.getUTCFullYear()}_w${String(week).padStart(2, "0")}`;
    }
  }
}

function utc(year: number, month: number, date: number): Date {
  return new Date(Date.UTC(year, month, date));
}
