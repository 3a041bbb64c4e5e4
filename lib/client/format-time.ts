/** Times as people read them. Zone "utc" or "local" is a person's choice (lib/client/time-zone.ts). */
export type TimeZone = "utc" | "local";

const cache = new Map<string, Intl.DateTimeFormat>();
function formatter(zone: TimeZone, key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${zone} ${key}`;
  let found = cache.get(id);
  if (!found) {
    found = new Intl.DateTimeFormat("en-GB", {
      ...options,
      hourCycle: "h23",
      ...(zone === "utc" && { timeZone: "UTC" }),
    });
    cache.set(id, found);
  }
  return found;
}

const time = { hour: "2-digit", minute: "2-digit" } as const;
const timeSeconds = { ...time, second: "2-digit" } as const;
const day = { day: "numeric", month: "short" } as const;
const dayYear = { ...day, year: "numeric" } as const;

/** "09:12" */
export function formatClock(at: Date | number, zone: TimeZone): string {
  return formatter(zone, "time", time).format(at);
}

/** "09:12:45" */
export function formatClockSeconds(at: Date | number, zone: TimeZone): string {
  return formatter(zone, "timeSeconds", timeSeconds).format(at);
}

/** "23 Nov" */
export function formatDay(at: Date | number, zone: TimeZone): string {
  return formatter(zone, "day", day).format(at);
}

/** "23 Nov 2026" */
export function formatDate(at: Date | number, zone: TimeZone): string {
  return formatter(zone, "dayYear", dayYear).format(at);
}

/** "23 Nov 2026, 09:12:45 UTC": the absolute time that stands in every hover. */
export function formatInstant(at: Date | number, zone: TimeZone): string {
  const label = zone === "utc" ? "UTC" : offsetName(at);
  return `${formatDate(at, zone)}, ${formatClockSeconds(at, zone)} ${label}`;
}

function offsetName(at: Date | number): string {
  const minutes = -new Date(at).getTimezoneOffset();
  if (minutes === 0) return "UTC";
  const sign = minutes < 0 ? "−" : "+";
  const size = Math.abs(minutes);
  const rest = size % 60 ? `:${String(size % 60).padStart(2, "0")}` : "";
  return `UTC${sign}${Math.floor(size / 60)}${rest}`;
}

/** A moment as briefly as its day allows: "09:12" today, "22 Nov 09:12" before, with the year in other years. */
export function formatMoment(at: Date | number, nowMs: number, zone: TimeZone): string {
  return onItsDay(formatClock(at, zone), at, nowMs, zone);
}

/** The same with seconds: "09:12:45", "22 Nov 09:12:45". */
export function formatSecond(at: Date | number, nowMs: number, zone: TimeZone): string {
  return onItsDay(formatClockSeconds(at, zone), at, nowMs, zone);
}

function onItsDay(clock: string, at: Date | number, nowMs: number, zone: TimeZone): string {
  if (formatDate(at, zone) === formatDate(nowMs, zone)) return clock;
  const year = { year: "numeric" } as const;
  const sameYear = formatter(zone, "year", year).format(at) === formatter(zone, "year", year).format(nowMs);
  return `${sameYear ? formatDay(at, zone) : formatDate(at, zone)} ${clock}`;
}

const steps: [limitSeconds: number, divisor: number, unit: string][] = [
  [60, 1, "s"],
  [3_600, 60, "min"],
  [86_400, 3_600, "h"],
  [86_400 * 60, 86_400, "d"],
  [86_400 * 730, 86_400 * 30.44, "mo"],
  [Number.POSITIVE_INFINITY, 86_400 * 365.25, "y"],
];

/** "now", "3 s ago", "12 min ago", "in 5 d". */
export function formatRelative(at: Date | number, nowMs: number): string {
  const seconds = (nowMs - Number(at)) / 1_000;
  const size = Math.abs(seconds);
  if (size < 1) return "now";
  for (const [limit, divisor, unit] of steps) {
    if (size < limit) {
      const text = `${Math.floor(size / divisor)} ${unit}`;
      return seconds > 0 ? `${text} ago` : `in ${text}`;
    }
  }
  return "now";
}

/** Label of a tick on a time axis that spans `spanMs`. */
export function formatTick(at: number, spanMs: number, zone: TimeZone): string {
  if (spanMs <= 10 * 60_000) return formatClockSeconds(at, zone);
  if (spanMs <= 36 * 3_600_000) return formatClock(at, zone);
  const clock = formatClock(at, zone);
  if (spanMs <= 8 * 86_400_000)
    return clock === "00:00" ? formatDay(at, zone) : `${formatDay(at, zone)} ${clock}`;
  if (spanMs <= 300 * 86_400_000) return formatDay(at, zone);
  return formatter(zone, "month", { month: "short", year: "2-digit" }).format(at);
}
