import { formatValue } from "@/lib/client/format.ts";
import type { TimeZone } from "@/lib/client/format-time.ts";
import type { Unit } from "@/lib/collector/types.ts";
import type { Row } from "./time-rows.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const stepsMs = [
  5_000,
  10_000,
  15_000,
  30_000,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
  14 * day,
  30 * day,
  60 * day,
  91 * day,
];

/** Room for the labels of values at the left of every chart, so that charts above one another share their time. */
export const valueAxisWidth = 58;

/** A value as a label of the axis: never broken between figure and unit. */
export function tickLabel(value: number, unit: Unit): string {
  return formatValue(value, unit).replaceAll(" ", "\u00a0");
}

/** Round moments between the ends, about one every `minPixels` of `pixels`; aligned to the zone's midnight. */
export function timeTicks(
  fromMs: number,
  toMs: number,
  pixels: number,
  zone: TimeZone,
  minPixels = 84,
): number[] {
  const most = Math.max(2, Math.floor(pixels / minPixels));
  const step = stepsMs.find((each) => (toMs - fromMs) / each <= most) ?? 182 * day;
  const offset = zone === "utc" ? 0 : new Date(fromMs).getTimezoneOffset() * minute;
  const ticks: number[] = [];
  for (let t = Math.ceil((fromMs - offset) / step) * step + offset; t <= toMs; t += step) ticks.push(t);
  return ticks;
}

/** Round values from `low` to at least `high`; bytes in powers of 1,024, time in its own steps. */
export function valueTicks(low: number, high: number, unit: Unit, count = 4): number[] {
  if (!(high > low)) return [low, low + 1];
  const base = unit === "bytes" || unit === "bytesPerSecond" ? 1_024 : 1_000;
  const raw = (high - low) / count;
  let scale = 1;
  if (base === 1_024) while (raw / scale >= base) scale *= base;
  const rest = raw / scale;
  const power = 10 ** Math.floor(Math.log10(rest));
  const nice = [1, 2, 2.5, 5, 10].find((each) => each * power >= rest - 1e-12) ?? 10;
  let step = nice * power * scale;
  if (unit === "count" && step < 1) step = 1;
  const first = Math.floor(low / step + 1e-9) * step;
  const ticks = [first];
  while ((ticks.at(-1) ?? 0) < high - step * 1e-9) ticks.push(first + step * ticks.length);
  return ticks;
}

export interface Limit {
  value: number;
  label: string;
  /** Also when it lies far above the figures: the axis then reaches up to it. */
  always?: boolean;
}

/**
 * The value axis: from zero, except ratios that stay high (there the last points matter), up to the figures and
 * to the limits that are near them.
 */
export function valueAxis(
  rows: readonly Row[],
  unit: Unit,
  stacked: boolean,
  limits: readonly Limit[],
): number[] {
  let highest = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    let total = 0;
    for (const value of row.v) {
      if (value === null) continue;
      total += value;
      if (value < lowest) lowest = value;
      if (!stacked && value > highest) highest = value;
    }
    if (stacked && total > highest) highest = total;
  }
  const near = limits.filter((limit) => limit.always || limit.value <= highest * 2.5);
  for (const limit of near) highest = Math.max(highest, limit.value);
  if (unit === "ratio" && highest <= 1.0001) {
    if (stacked || lowest < 0.5 || lowest > 1) return [0, 0.25, 0.5, 0.75, 1];
    const span =
      [0.001, 0.002, 0.004, 0.01, 0.02, 0.04, 0.1, 0.2, 0.4, 0.6].find((each) => lowest >= 1 - each) ?? 1;
    return [0, 0.25, 0.5, 0.75, 1].map((part) => 1 - span + span * part);
  }
  const low = lowest < 0 ? lowest : 0;
  if (highest <= 0 && low === 0) return unit === "count" ? [0, 1, 2] : [0, 1];
  return valueTicks(low, highest, unit);
}
