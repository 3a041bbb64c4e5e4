import {
  type Cut,
  type CutUnit,
  civilOf,
  cutAt,
  cutIndex,
  dayMicros,
  hourMicros,
} from "../../audit-db/schema/calendar-cut.ts";

/** A partition's ends on the line that is cut; without those that are open. */
export interface Stretch {
  from: bigint;
  to: bigint;
}

/** So many of the newest say how a table is cut: people change their minds, and old ones stay as they were. */
const looksAt = 12;
const enough = 0.6;

/**
 * The cut that most of the newest partitions follow, its anchor among their bounds.
 * @param ranges oldest first, points of a wall clock, or numbers where `numbers`
 * @returns null where fewer than six in ten of them agree on one
 */
export function learnCut(ranges: readonly Stretch[], numbers = false): Cut | null {
  const recent = ranges.slice(-looksAt);
  let best: { cut: Cut; follow: number } | null = null;
  for (const range of recent.toReversed()) {
    const cut = numbers ? numberCut(range) : clockCut(range);
    if (!cut) continue;
    const follow = recent.filter((other) => follows(cut, other)).length;
    if (!best || follow > best.follow) best = { cut, follow };
  }
  return best && best.follow >= recent.length * enough ? best.cut : null;
}

/** Whether a partition is one piece of the cut. */
export function follows(cut: Cut, { from, to }: Stretch): boolean {
  const index = cutIndex(cut, from);
  return cutAt(cut, index) === from && cutAt(cut, index + 1n) === to;
}

function numberCut({ from, to }: Stretch): Cut {
  return { unit: "number", count: to - from, anchor: from };
}

/** The calendar's words for one partition: months where it begins and ends on one day of them, else weeks, days, hours. */
function clockCut({ from, to }: Stretch): Cut | null {
  const [begin, end] = [civilOf(from), civilOf(to)];
  const cut = (unit: CutUnit, count: number | bigint): Cut => ({ unit, count: BigInt(count), anchor: from });
  const months = (end.year - begin.year) * 12 + end.month - begin.month;
  const sameDay = begin.day === end.day && begin.timeOfDay === end.timeOfDay;
  if (months > 0 && sameDay && begin.day <= 28) {
    if (months % 12 === 0) return cut("year", months / 12);
    if (months % 3 === 0 && begin.month % 3 === 1 && begin.day === 1) return cut("quarter", months / 3);
    return cut("month", months);
  }
  const width = to - from;
  if (width % (7n * dayMicros) === 0n) return cut("week", width / (7n * dayMicros));
  if (width % dayMicros === 0n) return cut("day", width / dayMicros);
  return width % hourMicros === 0n ? cut("hour", width / hourMicros) : null;
}

/** Whether every bound lies where a clock that is cut so would be cut: at midnight, or for hours at a full one. */
export function liesOnClock(cut: Cut, ranges: readonly Stretch[]): boolean {
  const grain = cut.unit === "hour" ? hourMicros : cut.unit === "number" ? 1n : dayMicros;
  return ranges.slice(-looksAt).every(({ from, to }) => from % grain === 0n && to % grain === 0n);
}
