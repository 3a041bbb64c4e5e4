import type { Domain } from "./strip-geometry.ts";

type Unit = "hour" | "day" | "month" | "year";

/** Round steps of a calendar in UTC, narrowest first, with their usual length in hours. */
const steps: [unit: Unit, count: number, hours: number][] = [
  ["hour", 1, 1],
  ["hour", 3, 3],
  ["hour", 6, 6],
  ["hour", 12, 12],
  ["day", 1, 24],
  ["day", 2, 48],
  ["day", 7, 168],
  ["day", 14, 336],
  ["month", 1, 730],
  ["month", 3, 2_190],
  ["month", 6, 4_380],
  ["year", 1, 8_766],
  ["year", 2, 17_532],
  ["year", 5, 43_830],
  ["year", 10, 87_660],
];

export interface Tick {
  at: number;
  label: string;
  /** Begins a year (or a day among hours): drawn stronger. */
  major: boolean;
}

/** Ticks on whole hours, days, months or years of UTC, at least `minPixels` apart. */
export function calendarTicks({ fromMs, toMs }: Domain, pixels: number, minPixels = 58): Tick[] {
  const perPixel = (toMs - fromMs) / Math.max(1, pixels);
  const step = steps.find(([, , hours]) => (hours * 3_600_000) / perPixel >= minPixels) ?? ["year", 20, 0];
  const [unit, count] = step;
  const ticks: Tick[] = [];
  for (let at = firstTick(fromMs, unit, count); at <= toMs; at = next(at, unit, count))
    if (at >= fromMs) ticks.push({ at, ...labelOf(at, unit) });
  return ticks;
}

function firstTick(fromMs: number, unit: Unit, count: number): number {
  const from = new Date(fromMs);
  const [year, month, day] = [from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate()];
  if (unit === "year") return Date.UTC(Math.floor(year / count) * count, 0);
  if (unit === "month") return Date.UTC(year, Math.floor(month / count) * count);
  if (unit === "hour") return Date.UTC(year, month, day);
  // Weeks begin on Mondays; 5 January 1970 was one.
  const days = Math.floor(fromMs / 86_400_000);
  return (days - ((((days - 4) % count) + count) % count)) * 86_400_000;
}

function next(at: number, unit: Unit, count: number): number {
  if (unit === "hour") return at + count * 3_600_000;
  if (unit === "day") return at + count * 86_400_000;
  const from = new Date(at);
  return unit === "month"
    ? Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + count)
    : Date.UTC(from.getUTCFullYear() + count, 0);
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function labelOf(at: number, unit: Unit): { label: string; major: boolean } {
  const date = new Date(at);
  const year = String(date.getUTCFullYear());
  const month = months[date.getUTCMonth()] ?? "";
  const day = date.getUTCDate();
  const newYear = date.getUTCMonth() === 0 && day === 1;
  if (unit === "year") return { label: year, major: true };
  if (unit === "month") return newYear ? { label: year, major: true } : { label: month, major: false };
  if (unit === "day") return { label: newYear ? year : `${day} ${month}`, major: day === 1 };
  const hour = date.getUTCHours();
  if (hour === 0) return { label: `${day} ${month}`, major: true };
  return { label: `${String(hour).padStart(2, "0")}:00`, major: false };
}
