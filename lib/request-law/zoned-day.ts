import { addDays, type Day } from "./days.ts";

const minuteMs = 60_000;
/** No zone is further from UTC than this. */
const farthestMs = 27 * 60 * minuteMs;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The day that it is at a moment in a time zone. @throws RangeError for a zone that there is not */
export function dayIn(timeZone: string, at: Date): Day {
  let format = formats.get(timeZone);
  if (!format) {
    // Swedish writes a day as ISO 8601 does.
    format = new Intl.DateTimeFormat("sv-SE", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
    formats.set(timeZone, format);
  }
  return format.format(at);
}

/**
 * The moment a day is over in a time zone. Looked for by halves, since midnight is left out or comes twice where summer
 * time begins or ends at it. All offsets of today are whole minutes.
 */
export function endOfDay(timeZone: string, day: Day): Date {
  const near = Date.parse(`${addDays(day, 1)}T00:00:00Z`);
  let [before, after] = [near - farthestMs, near + farthestMs];
  while (after - before > minuteMs) {
    const middle = before + Math.floor((after - before) / 2 / minuteMs) * minuteMs;
    if (dayIn(timeZone, new Date(middle)) > day) after = middle;
    else before = middle;
  }
  return new Date(after);
}
