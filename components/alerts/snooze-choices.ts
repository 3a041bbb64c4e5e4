import type { TimeZone } from "@/lib/client/format-time.ts";
import { fromInputValue, toInputValue } from "@/lib/client/input-time.ts";

const minute = 60_000;
const hour = 60 * minute;

/** How long something is usually put off, longest last. The morning is that of the zone times are shown in. */
export function snoozeChoices(nowMs: number, zone: TimeZone): { label: string; until: Date }[] {
  const morning = fromInputValue(`${toInputValue(nowMs + 24 * hour, zone).slice(0, 10)}T09:00`, zone);
  return [
    { label: "30 minutes", until: new Date(nowMs + 30 * minute) },
    { label: "2 hours", until: new Date(nowMs + 2 * hour) },
    { label: "8 hours", until: new Date(nowMs + 8 * hour) },
    ...(morning ? [{ label: "Tomorrow morning", until: morning }] : []),
  ];
}
