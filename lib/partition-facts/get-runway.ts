import { type Bound, isEndless, maxValue, minValue } from "./bound-values.ts";
import { boundInWords } from "./find-gaps.ts";
import { hasClock, toIso, toMicros } from "./lane-axis.ts";
import type { Reach } from "./measure-reach.ts";
import type { LaneAxis, LaneInterval, LaneRunway } from "./types.ts";

const retiredAfterSeconds = 90 * 86_400;
const retiredAfterIntervals = 6;

/**
 * How long a lane can go on taking rows of the present: to the first moment from now on of which a row, on any path,
 * finds no partition of its own. A default partition does not count as one.
 * @param keyType of the first key column
 * @returns null on an axis without a clock.
 */
export function getRunway(
  { covered, missing }: Pick<Reach, "covered" | "missing">,
  axis: LaneAxis,
  keyType: string,
  interval: LaneInterval | null,
  now: Date,
): LaneRunway | null {
  if (!hasClock(axis)) return null;
  const nowMicros = BigInt(now.getTime()) * 1_000n;
  let until: { micros: bigint; bound: Bound; caughtBy: string | null } | null = null;
  for (const { from, to, caughtBy } of missing) {
    if (endsBy(to, axis, nowMicros)) continue;
    const begin = beginOf(from, axis, keyType);
    if (begin === "never") continue;
    const micros = begin === null || begin < nowMicros ? nowMicros : begin;
    if (until === null || micros < until.micros) until = { micros, bound: from, caughtBy };
  }
  const last = lastOf(covered, axis);
  const seconds = until && Number(until.micros - nowMicros) / 1_000_000;
  const agoSeconds =
    typeof last?.micros === "bigint" && last.micros < nowMicros
      ? Number(nowMicros - last.micros) / 1_000_000
      : null;
  return {
    coversNow: until === null || until.micros > nowMicros,
    seconds,
    intervals: seconds === null || !interval ? null : seconds / interval.seconds,
    severity: null,
    until: until && toIso(until.micros),
    untilInWords: until?.bound[0] && !isEndless(until.bound[0]) ? boundInWords(until.bound, axis) : null,
    lastBound: last?.micros ? toIso(last.micros) : null,
    lastBoundInWords: last?.micros ? boundInWords(last.bound, axis) : null,
    unlimited: until === null,
    retired:
      agoSeconds !== null &&
      agoSeconds > retiredAfterSeconds &&
      (!interval || agoSeconds > retiredAfterIntervals * interval.seconds),
    caughtBy: until?.caughtBy ?? null,
  };
}

/** Whether nothing of a stretch lies at `now` or later. Of its last moment it may hold some values of further columns. */
function endsBy(to: Bound, axis: LaneAxis, now: bigint): boolean {
  const [first, ...rest] = to;
  const micros = first ? toMicros(first, axis) : null;
  if (micros === null) return first !== undefined && first.order < 0n;
  const reachesInto = rest[0] !== undefined && rest[0].order !== minValue.order;
  return reachesInto ? micros < now : micros <= now;
}

/** The first moment of a stretch; null where it is open, `never` where it lies behind every moment. */
function beginOf(from: Bound, axis: LaneAxis, keyType: string): bigint | null | "never" {
  const [first, ...rest] = from;
  if (!first) return null;
  const micros = toMicros(first, axis);
  if (micros === null) return first.order < 0n ? null : "never";
  // Up to (moment, MAXVALUE) holds all of that moment: the next one that the type knows is the first.
  if (rest[0]?.order !== maxValue.order) return micros;
  const step = keyType === "date" ? 86_400_000_000n : 1n;
  return toMicros({ ...first, order: first.order + step }, axis) ?? micros;
}

function lastOf(covered: Reach["covered"], axis: LaneAxis): { micros: bigint | null; bound: Bound } | null {
  let last: { micros: bigint | null; bound: Bound } | null = null;
  for (const { to } of covered) {
    const micros = to[0] ? toMicros(to[0], axis) : null;
    if (micros === null && to[0] && to[0].order < 0n) continue;
    if (!last || micros === null || (last.micros !== null && micros > last.micros))
      last = { micros, bound: to };
    if (micros === null) return last;
  }
  return last;
}
