import { compareOrdinals, isInfinite, type Ordinal, toIso, toMicros } from "./bound-values.ts";
import type { Range } from "./find-spans.ts";
import { runwayThresholds } from "./thresholds.ts";
import type { LaneAxis, LaneInterval, LaneRunway } from "./types.ts";

const retiredAfterSeconds = 90 * 86_400;
const retiredAfterIntervals = 6;

/**
 * How long a lane can go on taking rows of the present: from now through adjoining partitions to the first
 * moment nothing covers. A default partition does not count as cover.
 * @returns null on an axis without a clock.
 */
export function getRunway(
  ranges: readonly Range[],
  axis: LaneAxis,
  interval: LaneInterval | null,
  now: Date,
): LaneRunway | null {
  if (axis === "values" || axis === "integer") return null;
  const nowMicros = BigInt(now.getTime()) * 1_000n;
  const micros = (value: Ordinal | undefined) => (value === undefined ? null : toMicros(value, axis));
  const startsBy = (range: Range, at: bigint) => {
    const from = micros(range.from[0]);
    return from === null ? isOpenBelow(range.from[0]) : from <= at;
  };
  const sorted = ranges.toSorted((a, b) => compareOrdinals(a.from, b.from));
  let until: bigint | "unlimited" = nowMicros;
  let coversNow = false;
  let last: bigint | "unlimited" | null = null;
  for (const range of sorted) {
    const to = micros(range.to[0]) ?? "unlimited";
    if (last === null || to === "unlimited" || (last !== "unlimited" && to > last)) last = to;
    if (until === "unlimited" || !startsBy(range, until)) continue;
    if (to === "unlimited" || to > nowMicros) coversNow = coversNow || startsBy(range, nowMicros);
    if (coversNow && (to === "unlimited" || to > until)) until = to;
  }
  const unlimited = until === "unlimited";
  const seconds = until === "unlimited" ? null : Number(until - nowMicros) / 1_000_000;
  const agoSeconds =
    typeof last === "bigint" && last < nowMicros ? Number(nowMicros - last) / 1_000_000 : null;
  const intervals = seconds === null || !interval ? null : seconds / interval.seconds;
  const retired =
    agoSeconds !== null &&
    agoSeconds > retiredAfterSeconds &&
    (!interval || agoSeconds > retiredAfterIntervals * interval.seconds);
  return {
    coversNow,
    seconds,
    intervals,
    severity: unlimited || retired ? null : coversNow ? severityOf(intervals) : "critical",
    until: until === "unlimited" ? null : toIso(until),
    lastBound: typeof last === "bigint" ? toIso(last) : null,
    unlimited,
    retired,
  };
}

function severityOf(intervals: number | null): LaneRunway["severity"] {
  const { warning, critical } = runwayThresholds.intervals;
  if (intervals === null || intervals >= warning) return null;
  return intervals < critical ? "critical" : "warning";
}

function isOpenBelow(value: Ordinal | undefined): boolean {
  return typeof value === "bigint" && isInfinite(value) && value < 0n;
}
