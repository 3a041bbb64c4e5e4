import type { LaneInterval } from "./types.ts";

const hour = 3_600;
const day = 24 * hour;

/** Shortest and longest width of each calendar unit in seconds; local time zones shift a day by an hour. */
const units: [Exclude<LaneInterval["unit"], "custom">, number, number][] = [
  ["hour", hour, hour],
  ["day", day - hour, day + hour],
  ["week", 7 * day - hour, 7 * day + hour],
  ["month", 28 * day - hour, 31 * day + hour],
  ["quarter", 90 * day - hour, 92 * day + hour],
  ["year", 365 * day - hour, 366 * day + hour],
];

/**
 * The interval a lane is cut into, from its newest partitions' widths in seconds (oldest first).
 * @returns null without a finite width; `custom` when fewer than four in five agree on a calendar unit.
 */
export function inferInterval(widthsSeconds: readonly number[]): LaneInterval | null {
  const recent = widthsSeconds.slice(-12);
  if (recent.length === 0) return null;
  const sorted = recent.toSorted((a, b) => a - b);
  const seconds = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const unit = units.find(
    ([, least, most]) => recent.filter((w) => w >= least && w <= most).length >= recent.length * 0.8,
  );
  return { unit: unit?.[0] ?? "custom", seconds };
}
