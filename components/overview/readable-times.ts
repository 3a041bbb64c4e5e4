import { formatDate, formatInstant, type TimeZone } from "@/lib/client/format-time.ts";

const instant = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

/** Findings name moments as machines write them; people read them as days, or as times in the zone they chose. */
export function readableTimes(text: string, zone: TimeZone): string {
  return text.replace(instant, (found) => {
    const at = new Date(found);
    if (Number.isNaN(at.getTime())) return found;
    return zone === "utc" && at.getTime() % 86_400_000 === 0 ? formatDate(at, zone) : formatInstant(at, zone);
  });
}
