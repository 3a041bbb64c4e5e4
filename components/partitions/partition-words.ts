import { formatBytes, formatNumber, formatSeconds } from "@/lib/client/format.ts";
import { formatClock, formatDate } from "@/lib/client/format-time.ts";
import type { LaneInterval, LaneRunway } from "@/lib/partition-facts/types.ts";
import type { PartitionCell, PartitionLane } from "@/lib/partitions/types.ts";
import { nameRelation } from "@/lib/quote-sql.ts";

const day = 86_400_000;

/** A bound in UTC as briefly as it allows: "1 Nov 2026", "1 Nov 2026 06:00". */
export function boundInWords(iso: string): string {
  const at = new Date(iso);
  const clock = formatClock(at, "utc");
  return clock === "00:00" ? formatDate(at, "utc") : `${formatDate(at, "utc")} ${clock}`;
}

/** What a partition covers: its two ends in UTC where they are times, else as the server prints them. */
export function coverageInWords(cell: Pick<PartitionCell, "from" | "to" | "bounds" | "isDefault">): string {
  if (cell.isDefault) return "everything no other partition covers";
  if (cell.from === null && cell.to === null) return cell.bounds ?? "bounds hidden by a lock";
  const from = cell.from === null ? "the beginning" : boundInWords(cell.from);
  const to = cell.to === null ? "no end" : boundInWords(cell.to);
  return `${from} → ${to} UTC`;
}

/** A whole UTC month, day, quarter or year by its name ("Nov 2026", "23 Nov 2026"), else the two ends. */
export function shortCoverage(cell: Pick<PartitionCell, "from" | "to" | "bounds" | "isDefault">): string {
  const whole = coverageInWords(cell).replace(/ UTC$/, "");
  if (cell.from === null || cell.to === null) return whole;
  const [from, to] = [new Date(cell.from), new Date(cell.to)];
  if (+from % day !== 0) return whole;
  const [year, month] = [from.getUTCFullYear(), from.getUTCMonth()];
  if (+to === +from + day) return formatDate(from, "utc");
  if (from.getUTCDate() !== 1) return whole;
  if (+to === Date.UTC(year, month + 1)) return formatDate(from, "utc").replace(/^1 /, "");
  if (+to === Date.UTC(year, month + 3) && month % 3 === 0) return `Q${month / 3 + 1} ${year}`;
  if (+to === Date.UTC(year + 1, month) && month === 0) return String(year);
  return whole;
}

/** "98 days", "5 h 20 m"; whole days from two days on. */
export function daysInWords(seconds: number): string {
  return seconds >= 172_800 ? `${formatNumber(Math.floor(seconds / 86_400))} days` : formatSeconds(seconds);
}

/** The runway by itself, in time and in partitions, short enough to stand in the picture. */
export function runwayInWords(runway: LaneRunway): string {
  if (runway.unlimited) return "no end";
  if (runway.retired) return "no longer used";
  if (!runway.coversNow || runway.seconds === null) return "no partition for now";
  const time = daysInWords(runway.seconds);
  if (runway.intervals === null) return time;
  const widths = Math.floor(runway.intervals * 10) / 10;
  return `${time}, ${formatNumber(widths)} ${widths === 1 ? "partition" : "partitions"}`;
}

const unitWords: Record<LaneInterval["unit"], string> = {
  hour: "hourly",
  day: "daily",
  week: "weekly",
  month: "monthly",
  quarter: "quarterly",
  year: "yearly",
  custom: "uneven",
};

/** "17 monthly partitions" */
export function laneInWords(lane: PartitionLane): string {
  const count = lane.cells.filter((cell) => !cell.isDefault).length;
  const kind = lane.interval ? `${unitWords[lane.interval.unit]} ` : "";
  return `${formatNumber(count)} ${kind}${count === 1 ? "partition" : "partitions"}`;
}

/** A lane's label without the quotes of its list value. */
export function laneLabel(label: string): string {
  return label.replace(/'((?:[^']|'')*)'/g, (_, text: string) => text.replaceAll("''", "'"));
}

/** Everything a cell says, for those who cannot see it. */
export function cellInWords(cells: readonly PartitionCell[]): string {
  const [first] = cells;
  const last = cells.at(-1);
  if (!first || !last) return "";
  if (cells.length > 1) {
    const bytes = cells.reduce((sum, cell) => sum + (cell.bytes ?? 0), 0);
    return `${cells.length} partitions, ${nameRelation(first)} to ${nameRelation(last)}, ${formatBytes(bytes)}`;
  }
  const parts = [
    nameRelation(first),
    coverageInWords(first),
    first.rowsEstimated === null ? "rows not known" : `about ${formatNumber(first.rowsEstimated)} rows`,
    first.bytes === null ? "size not known" : formatBytes(first.bytes),
  ];
  if (first.isDefault) parts.push("default partition");
  if (first.detachPending) parts.push("detach pending");
  if (first.lockedBy) parts.push("locked");
  return parts.join(", ");
}
