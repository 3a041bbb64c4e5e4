import type { RangeEnd } from "./parse-bounds.ts";
import type { LaneAxis } from "./types.ts";

/** Microseconds since 1970 for a point in time, the number itself for an integer; text where values have no distance. */
export type Ordinal = bigint | string;

/** Beyond every timestamp and every int8: what `infinity` and MAXVALUE compare as. */
const infinite = 2n ** 80n;

const temporal = new Set(["timestamp with time zone", "timestamp without time zone", "date"]);
const integers = new Set(["smallint", "integer", "bigint"]);

export function isTemporal(keyType: string): boolean {
  return temporal.has(keyType);
}

export function isInteger(keyType: string): boolean {
  return integers.has(keyType);
}

/** One end of a range as something that compares by value. */
export function toOrdinal(end: RangeEnd, keyType: string): Ordinal {
  if (end.is === "min") return -infinite;
  if (end.is === "max") return infinite;
  if (temporal.has(keyType)) return parseInstant(end.text) ?? end.text;
  if (integers.has(keyType) && /^-?\d+$/.test(end.text)) return BigInt(end.text);
  return end.text;
}

export function isInfinite(value: Ordinal): boolean {
  return value === infinite || value === -infinite || value === infinite - 1n || value === 1n - infinite;
}

/**
 * Microseconds since 1970 of a timestamp, timestamptz or date in ISO style; without an offset it counts as UTC.
 * `infinity` lies just inside MAXVALUE, as it does for the server.
 */
export function parseInstant(text: string): bigint | null {
  if (text === "infinity") return infinite - 1n;
  if (text === "-infinity") return 1n - infinite;
  const match =
    /^(\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?(?:([+-])(\d\d)(?::?(\d\d))?(?::?(\d\d))?|Z)?( BC)?$/.exec(
      text,
    );
  if (!match) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", sign, oh, om, os, bc] =
    match;
  const astronomical = bc ? 1 - Number(year) : Number(year);
  const days = daysFromCivil(astronomical, Number(month), Number(day));
  const offset = (Number(oh ?? 0) * 3_600 + Number(om ?? 0) * 60 + Number(os ?? 0)) * (sign === "-" ? -1 : 1);
  const seconds = days * 86_400 + Number(hour) * 3_600 + Number(minute) * 60 + Number(second) - offset;
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar; `Date` would refuse years the server allows. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Orders range ends of several key columns; columns behind a MINVALUE or MAXVALUE do not count. */
export function compareOrdinals(a: readonly Ordinal[], b: readonly Ordinal[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i] as Ordinal, b[i] as Ordinal];
    if (x === y) {
      if (x === infinite || x === -infinite) return 0;
      continue;
    }
    if (typeof x === "bigint" && typeof y === "bigint") return x < y ? -1 : 1;
    if (typeof x === "bigint") return x === -infinite ? -1 : 1;
    if (typeof y === "bigint") return y === -infinite ? 1 : -1;
    return x < y ? -1 : 1;
  }
  return 0;
}

const year2000 = 946_684_800n;
const year2100 = 4_102_444_800n;

/**
 * What a lane's first key column measures. Integers count as epochs only when every finite bound falls into
 * 2000–2100 on a full UTC hour, so that ordinary id ranges do not pass for time.
 */
export function inferAxis(keyType: string, bounds: readonly Ordinal[]): LaneAxis {
  if (temporal.has(keyType)) return "time";
  if (!integers.has(keyType)) return "values";
  const finite = bounds.filter((b): b is bigint => typeof b === "bigint" && !isInfinite(b));
  if (finite.length < 2) return "integer";
  const scales: [LaneAxis, bigint][] = [
    ["epochSeconds", 1n],
    ["epochMilliseconds", 1_000n],
    ["epochMicroseconds", 1_000_000n],
  ];
  for (const [axis, scale] of scales) {
    const fits = (b: bigint) => b >= year2000 * scale && b <= year2100 * scale && b % (3_600n * scale) === 0n;
    if (finite.every(fits)) return axis;
  }
  return finite.every((b) => calendarDay(b) !== null) ? "calendarInteger" : "integer";
}

/** Microseconds since 1970 of a value on a lane's axis; null where the axis is not time. */
export function toMicros(value: Ordinal, axis: LaneAxis): bigint | null {
  if (typeof value !== "bigint" || isInfinite(value)) return null;
  if (axis === "time" || axis === "epochMicroseconds") return value;
  if (axis === "epochMilliseconds") return value * 1_000n;
  if (axis === "epochSeconds") return value * 1_000_000n;
  return axis === "calendarInteger" ? calendarDay(value) : null;
}

/** 20240131 or 202401 as microseconds since 1970. */
function calendarDay(value: bigint): bigint | null {
  const match = /^((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])?$/.exec(value.toString());
  if (!match) return null;
  return parseInstant(`${match[1]}-${match[2]}-${match[3] ?? "01"}`);
}

/** ISO in UTC, to the millisecond; null outside what a browser's Date can hold. */
export function toIso(micros: bigint | null): string | null {
  if (micros === null) return null;
  const milliseconds = Number(micros / 1_000n);
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : null;
}
