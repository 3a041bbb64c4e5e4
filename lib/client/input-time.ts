import type { TimeZone } from "./format-time.ts";

const two = (value: number) => String(value).padStart(2, "0");

/** A moment as the value of an `<input type="datetime-local">` in the chosen zone. */
export function toInputValue(atMs: number, zone: TimeZone): string {
  const at = new Date(atMs);
  if (zone === "utc") return at.toISOString().slice(0, 16);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The moment such an input names; null when it names none. */
export function fromInputValue(value: string, zone: TimeZone): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value)) return null;
  const at = new Date(zone === "utc" ? `${value}Z` : value);
  return Number.isNaN(at.getTime()) ? null : at;
}
