import { type BoundValue, isEndless, isInteger, isTemporal, parseInstant } from "./bound-values.ts";
import type { LaneAxis } from "./types.ts";

const year2000 = 946_684_800n;
const year2100 = 4_102_444_800n;
const longestMicros = 366n * 86_400_000_000n;

/**
 * What a lane's first key column measures. Integers count as time only where that is certain: every finite bound falls
 * into 2000–2100 on a full UTC hour (or is a calendar date), there are at least two, and no partition is longer than a
 * year. Ranges of ids by millions do not pass for time.
 */
export function inferAxis(
  keyType: string,
  ranges: readonly { from: BoundValue; to: BoundValue }[],
): LaneAxis {
  if (isTemporal(keyType)) return "time";
  if (!isInteger(keyType)) return "values";
  const bounds = ranges.flatMap(({ from, to }) => [from, to]).filter((bound) => !isEndless(bound));
  if (new Set(bounds.map(({ order }) => order)).size < 2) return "integer";
  const isCertain = (axis: LaneAxis, fits: (order: bigint) => boolean) =>
    bounds.every(({ order }) => fits(order)) &&
    ranges.every(({ from, to }) => {
      const [begin, end] = [toMicros(from, axis), toMicros(to, axis)];
      return begin === null || end === null || end - begin <= longestMicros;
    });
  const scales: [LaneAxis, bigint][] = [
    ["epochSeconds", 1n],
    ["epochMilliseconds", 1_000n],
    ["epochMicroseconds", 1_000_000n],
  ];
  for (const [axis, scale] of scales) {
    const fits = (order: bigint) =>
      order >= year2000 * scale && order <= year2100 * scale && order % (3_600n * scale) === 0n;
    if (isCertain(axis, fits)) return axis;
  }
  return isCertain("calendarInteger", (order) => calendarDay(order) !== null) ? "calendarInteger" : "integer";
}

/** Whether a lane runs along time, so that it has a present. */
export function hasClock(axis: LaneAxis): boolean {
  return axis !== "integer" && axis !== "values";
}

/** Microseconds since 1970 of a value on a lane's axis; null where the axis is not time, or the value has no end. */
export function toMicros(value: BoundValue, axis: LaneAxis): bigint | null {
  if (isEndless(value)) return null;
  const { order } = value;
  if (axis === "time" || axis === "epochMicroseconds") return order;
  if (axis === "epochMilliseconds") return order * 1_000n;
  if (axis === "epochSeconds") return order * 1_000_000n;
  return axis === "calendarInteger" ? calendarDay(order) : null;
}

/** 20240131 or 202401 as microseconds since 1970. */
function calendarDay(order: bigint): bigint | null {
  const match = /^((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?$/.exec(order.toString());
  if (!match) return null;
  return parseInstant(`${match[1]}-${match[2]}-${match[3] ?? "01"}`);
}

/** ISO in UTC, to the millisecond; null outside what a browser's Date can hold. */
export function toIso(micros: bigint | null): string | null {
  if (micros === null) return null;
  const milliseconds = Number(micros / 1_000n);
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : null;
}
