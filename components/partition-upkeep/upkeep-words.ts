import { formatNumber } from "@/lib/client/format.ts";
import type { UpkeepRun } from "@/lib/upkeep-rules/rule.ts";

interface Rule {
  cut: { unit?: string | undefined; count: number | string; timeZone?: string | undefined } | null;
  ahead: number;
  tablespace?: string | null;
}

/** "12 partitions ahead, each of 1 month", with the interval left out where it is learned. */
export function aheadInWords({ ahead, cut, tablespace }: Rule): string {
  const partitions = `${formatNumber(ahead)} ${ahead === 1 ? "partition" : "partitions"} ahead`;
  const each = intervalInWords(cut);
  const zone = cut?.timeZone ? ` in ${cut.timeZone}` : "";
  return `${partitions}${each === null ? "" : `, each of ${each}${zone}`}${tablespace ? `, in tablespace ${tablespace}` : ""}`;
}

/** "1 month", "5000 numbers"; null where a cut says no interval. */
export function intervalInWords(
  cut: { unit?: string | undefined; count?: number | string | undefined } | null,
) {
  if (!cut?.unit) return null;
  const count = cut.count ?? 1;
  const many = String(count) !== "1";
  return cut.unit === "number" ? `${count} numbers` : `${count} ${cut.unit}${many ? "s" : ""}`;
}

/** When it may work. */
export function windowInWords(window: { from: string; to: string } | null): string {
  return window ? `between ${window.from} and ${window.to}` : "at any hour";
}

export const outcomeStates: Record<UpkeepRun["outcome"], "ok" | "warning" | "critical"> = {
  done: "ok",
  "nothing to do": "ok",
  contended: "warning",
  missed: "warning",
  failed: "critical",
};

/** Expressions people choose from; any other is written by hand. */
export const cronChoices = [
  ["17 3 * * *", "every day at 03:17"],
  ["17 * * * *", "every hour at minute 17"],
  ["17 3 * * 1", "every Monday at 03:17"],
  ["17 3 1 * *", "on the 1st of each month at 03:17"],
] as const;
