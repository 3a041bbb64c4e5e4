import { formatChange } from "@/lib/client/format.ts";
import type { Unit } from "@/lib/collector/types.ts";

export interface ChangeWords {
  direction: "up" | "down" | "same" | "unknown";
  /** "+12 %", "unchanged", "new"; a dash when the window before was not collected. */
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
    return { direction: "unknown", brief: "–", whole: `Nothing was collected in the ${period}.` };
  const change = formatChange(now, previous, unit, period);
  if (!change) return { direction: "unknown", brief: "–", whole: "Not known." };
  const brief = change.direction === "same" ? "unchanged" : change.words.replace(/ (vs|the) .*/, "");
  return { direction: change.direction, brief, whole: change.words };
}
