import { z } from "zod";

const isoTime = z.core.regexes.datetime({ offset: true });
const yearOne = Date.parse("0001-01-01T00:00:00Z");
const yearTenThousand = Date.parse("+010000-01-01T00:00:00Z");

export type Moment = { time: string } | { problem: string };

/**
 * A moment as ISO 8601 text in UTC with three digits of a second, or six where it has microseconds: a Date alone would
 * lose them. One moment has one text. Years 1 to 9999: others PostgreSQL reads in another form, or not at all.
 */
export function toMoment(value: Date | string): Moment {
  const isText = typeof value === "string";
  if (isText && !isoTime.test(value)) return { problem: "must be an ISO 8601 time with a zone" };
  const at = isText ? Date.parse(value) : value.getTime();
  // Not so where it is no time at all (NaN).
  if (!(at >= yearOne && at < yearTenThousand)) return { problem: "must lie in the years 1 to 9999" };
  const iso = new Date(at).toISOString();
  if (!isText) return { time: iso };
  const digits = /\.(\d+)/.exec(value)?.[1] ?? "";
  if (digits.length > 6) return { problem: "must have at most six digits after the second" };
  const micros = digits.slice(3).padEnd(3, "0");
  return { time: micros === "000" ? iso : `${iso.slice(0, -1)}${micros}Z` };
}
