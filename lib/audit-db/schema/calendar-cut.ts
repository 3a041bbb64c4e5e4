const cutUnits = ["hour", "day", "week", "month", "quarter", "year", "number"] as const;
export type CutUnit = (typeof cutUnits)[number];

/**
 * How a line is cut into pieces: at the anchor, and every so many units from it on, both ways. The line is a wall clock in
 * microseconds since 1970 as if it were UTC's (a zone's own bounds are whole there), or plain numbers for `number`.
 */
export interface Cut {
  unit: CutUnit;
  /** At least 1. */
  count: bigint;
  /** Any point that the line is cut at. */
  anchor: bigint;
}

export const hourMicros = 3_600_000_000n;
export const dayMicros = 24n * hourMicros;

const fixedWidths: Partial<Record<CutUnit, bigint>> = {
  hour: hourMicros,
  day: dayMicros,
  week: 7n * dayMicros,
  number: 1n,
};
const monthsOf: Partial<Record<CutUnit, bigint>> = { month: 1n, quarter: 3n, year: 12n };

/** Cut as calendars are: at midnight, weeks on Monday, quarters in January. */
export function calendarCut(unit: CutUnit, count = 1n): Cut {
  const monday = 4n * dayMicros;
  return { unit, count, anchor: unit === "week" ? monday : 0n };
}

/** The point so many pieces behind the anchor: grows with the index. */
export function cutAt({ unit, count, anchor }: Cut, index: bigint): bigint {
  const width = fixedWidths[unit];
  if (width) return anchor + index * count * width;
  return addMonths(anchor, index * count * (monthsOf[unit] ?? 1n));
}

/** Of the piece that holds a point; it begins at `cutAt(index)` and ends at `cutAt(index + 1)`. */
export function cutIndex(cut: Cut, point: bigint): bigint {
  const width = fixedWidths[cut.unit];
  if (width) return floorDivide(point - cut.anchor, cut.count * width);
  const months = monthIndex(point) - monthIndex(cut.anchor);
  // The month says which one it is, but for the part of it that lies before the anchor's day.
  let index = floorDivide(months, cut.count * (monthsOf[cut.unit] ?? 1n));
  if (cutAt(cut, index) > point) index -= 1n;
  return index;
}

/** The pieces that cover a stretch, the first and the last only as far as the stretch goes. */
export function cutStretch(cut: Cut, from: bigint, to: bigint): { from: bigint; to: bigint }[] {
  const pieces: { from: bigint; to: bigint }[] = [];
  for (let index = cutIndex(cut, from), begin = from; begin < to; index++) {
    const next = cutAt(cut, index + 1n);
    const end = next < to ? next : to;
    pieces.push({ from: begin, to: end });
    begin = end;
  }
  return pieces;
}

/** A wall clock's point as the fields of a calendar. */
export function civilOf(point: bigint): { year: number; month: number; day: number; timeOfDay: bigint } {
  const days = floorDivide(point, dayMicros);
  const date = new Date(Number(days) * 86_400_000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    timeOfDay: point - days * dayMicros,
  };
}

/** The point of a calendar's date; months beyond 12 and days beyond the month's go on into the next. */
export function pointOf(year: number, month: number, day: number, timeOfDay = 0n): bigint {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return BigInt(date.getTime()) * 1_000n + timeOfDay;
}

/** Anchors lie on the 28th at the latest (`learnCut` and people's calendars see to it), so no month is too short. */
function addMonths(point: bigint, months: bigint): bigint {
  const { year, month, day, timeOfDay } = civilOf(point);
  return pointOf(year, month + Number(months), day, timeOfDay);
}

function monthIndex(point: bigint): bigint {
  const { year, month } = civilOf(point);
  return BigInt(year) * 12n + BigInt(month - 1);
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
