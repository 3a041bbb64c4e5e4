import type { RangeEnd } from "./parse-bounds.ts";
import type { KeyColumn } from "./types.ts";

/** One column of one end of a range. */
export interface BoundValue {
  /**
   * What it compares as, exactly: microseconds since 1970 for a point in time, the number itself for an integer, else
   * the server's rank among the values of its type.
   */
  order: bigint;
  /** As the server prints it; MINVALUE and MAXVALUE where it is open. */
  text: string;
}

/** One end of a range, a value a key column. */
export type Bound = readonly BoundValue[];

/** Beyond every timestamp and every int8: what `infinity` and MAXVALUE compare as. */
const infinite = 2n ** 80n;

export const minValue: BoundValue = { order: -infinite, text: "MINVALUE" };
export const maxValue: BoundValue = { order: infinite, text: "MAXVALUE" };

const temporal = new Set(["timestamp with time zone", "timestamp without time zone", "date"]);
const integers = new Set(["smallint", "integer", "bigint"]);

export function isTemporal(keyType: string): boolean {
  return temporal.has(keyType);
}

export function isInteger(keyType: string): boolean {
  return integers.has(keyType);
}

/** Whether values of a column have an order that we may ask for: none where it is defined by somebody else's code. */
export function isOrdered({ less }: KeyColumn): boolean {
  return less !== null;
}

/** Whether values compare here; those of other types the server has to rank. */
export function comparesHere({ type }: KeyColumn): boolean {
  return temporal.has(type) || integers.has(type);
}

/**
 * One column of one end as something that compares by value.
 * @param rank of its value, for types that the server ranks
 * @returns null where nothing says how it compares
 */
export function toBoundValue(
  end: RangeEnd,
  column: KeyColumn | undefined,
  rank: number | null | undefined,
): BoundValue | null {
  if (end.is === "min") return minValue;
  if (end.is === "max") return maxValue;
  if (!column || !isOrdered(column)) return null;
  const { text } = end;
  const order = temporal.has(column.type)
    ? parseInstant(text)
    : integers.has(column.type) && /^-?\d+$/.test(text)
      ? BigInt(text)
      : typeof rank === "number"
        ? BigInt(rank)
        : null;
  return order === null ? null : { order, text };
}

/** No value, or one of the two infinities. */
export function isEndless({ order }: BoundValue): boolean {
  return order >= infinite - 1n || order <= 1n - infinite;
}

/**
 * Microseconds since 1970 of a timestamp, timestamptz or date in ISO style; without an offset it counts as UTC.
 * `infinity` lies just inside MAXVALUE, as it does for the server.
 */
export function parseInstant(text: string): bigint | null {
  if (text === "infinity") return infinite - 1n;
  if (text === "-infinity") return 1n - infinite;
  const match =
    /^(\d{4,7})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?(?:([+-])(\d\d)(?::?(\d\d))?(?::?(\d\d))?|Z)?( BC)?$/.exec(
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

/**
 * Orders range ends of several key columns as the server does: columns behind MINVALUE or MAXVALUE do not count. One
 * with fewer columns is that of a level whose key is the beginning of the other's: below it lies every value of the rest.
 */
export function compareBounds(a: Bound, b: Bound): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [(a[i] ?? minValue).order, (b[i] ?? minValue).order];
    if (x !== y) return x < y ? -1 : 1;
    if (x === infinite || x === -infinite) return 0;
  }
  return 0;
}
