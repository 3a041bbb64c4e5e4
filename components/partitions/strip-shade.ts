import { formatValue } from "@/lib/client/format.ts";
import type { PartitionCell } from "@/lib/partitions/types.ts";

/** What the colour of a cell says; the choice stands in the URL. */
export const shadings = ["size", "rows", "dead", "vacuum"] as const;
export type Shading = (typeof shadings)[number];

export const shadingLabels: Record<Shading, string> = {
  size: "Size",
  rows: "Rows",
  dead: "Dead rows",
  vacuum: "Last vacuum",
};

/** Levels 0–6 of one hue, from nearly the background to its full strength; even steps to the eye in both themes. */
const strengths = [7, 20, 34, 49, 65, 82, 100];
export const levels = strengths.length;

export function shadeColour(level: number): string {
  const strength = strengths[Math.min(levels - 1, Math.max(0, level))] ?? 100;
  return `color-mix(in oklab, var(--series-5) ${strength}%, var(--inset))`;
}

const day = 86_400_000;
/** Ages of the last vacuum in days up to which each level reaches. */
const vacuumDays = [1, 3, 7, 30, 90, 365];

export interface Shade {
  /** null: not known (hatched). */
  levelOf(cells: readonly PartitionCell[]): number | null;
  /** The legend: what the levels mean, weakest first. */
  legend: { level: number; words: string }[];
  unknownWords: string;
}

/** Shades by the largest value among `all` (square root, so that small partitions still differ). */
export function createShade(shading: Shading, all: readonly PartitionCell[], nowMs: number): Shade {
  if (shading === "vacuum") return vacuumShade(nowMs);
  const read = { size: bytesOf, rows: rowsOf, dead: deadOf }[shading];
  const max = all.reduce((most, cell) => Math.max(most, read(cell) ?? 0), 0);
  const unit = shading === "size" ? "bytes" : "count";
  return {
    levelOf: (cells) => {
      const value = largest(cells, read);
      if (value === null) return null;
      return max > 0 ? Math.ceil(Math.sqrt(value / max) * (levels - 1)) : 0;
    },
    legend: max > 0 ? rampOf(max, unit) : all.some((cell) => read(cell) === 0) ? [zero(unit)] : [],
    unknownWords: "not known",
  };
}

const zero = (unit: "bytes" | "count") => ({ level: 0, words: formatValue(0, unit) });

function rampOf(max: number, unit: "bytes" | "count"): Shade["legend"] {
  return [
    zero(unit),
    ...Array.from({ length: levels - 1 }, (_, below) => ({
      level: below + 1,
      words: `up to ${formatValue(max * ((below + 1) / (levels - 1)) ** 2, unit)}`,
    })),
  ];
}

function vacuumShade(nowMs: number): Shade {
  return {
    levelOf: (cells) => {
      const ages = cells.map((cell) => (cell.lastVacuum ? (nowMs - +cell.lastVacuum) / day : null));
      if (ages.includes(null)) return null;
      const oldest = Math.max(...ages.map((age) => age ?? 0));
      const level = vacuumDays.findIndex((days) => oldest <= days);
      return level < 0 ? levels - 1 : level;
    },
    legend: [
      ...vacuumDays.map((days, level) => ({ level, words: `within ${days} d` })),
      { level: levels - 1, words: "longer ago" },
    ],
    unknownWords: "never",
  };
}

const bytesOf = (cell: PartitionCell) => cell.bytes;
const rowsOf = (cell: PartitionCell) => cell.rowsEstimated;
const deadOf = (cell: PartitionCell) => cell.deadRows;

function largest(cells: readonly PartitionCell[], read: (cell: PartitionCell) => number | null) {
  return cells.reduce<number | null>((most, cell) => {
    const value = read(cell);
    return value === null ? most : Math.max(most ?? 0, value);
  }, null);
}
