import { formatChange, formatSeconds } from "@/lib/client/format.ts";
import type { RangeChoice } from "@/lib/client/ranges.ts";
import type { Unit } from "@/lib/collector/types.ts";

const before: Record<RangeChoice, string> = {
  "15m": "the 15 minutes before",
  "1h": "the hour before",
  "6h": "the 6 hours before",
  "24h": "the day before",
  "7d": "the week before",
  "30d": "the 30 days before",
};

/** "the hour before": what a window is compared with. */
export function periodBefore(range: { choice: RangeChoice | null; seconds: number }): string {
  return range.choice ? before[range.choice] : `the ${formatSeconds(range.seconds)} before`;
}

export interface ChangeWords {
  direction: "up" | "down" | "same" | "unknown";
  /** "up 12 %", "as before", "new"; a dash when the window before was not collected. */
  brief: string;
  /** The same as a sentence. */
  whole: string;
}

/** A figure against the one of the window before, in words. */
export function changeWords(
  now: number | null,
  previous: number | null,
  unit: Unit,
  period: string,
): ChangeWords {
  if (now === null || previous === null)
    return { direction: "unknown", brief: "–", whole: `Nothing was collected in ${period}.` };
  const change = formatChange(now, previous, unit, period);
  if (!change) return { direction: "unknown", brief: "–", whole: "Not known." };
  const brief = change.direction === "same" ? "as before" : change.words.replace(` on ${period}`, "");
  return { direction: change.direction, brief, whole: change.words };
}
