import { formatChange, formatExact, formatValue, nothing } from "@/lib/client/format.ts";
import { formatDate, type TimeZone } from "@/lib/client/format-time.ts";
import { periodBefore, periodShown, type RangeChoice } from "@/lib/client/ranges.ts";
import type { Tile, TileId } from "@/lib/overview/types.ts";

const dayMs = 86_400_000;

export interface TileWords {
  figure: string;
  suffix: string;
  /** Whole figure, for the hover. */
  exact: string;
  /** Which window the figure is of, what it is out of, or until when it lasts. */
  note: string;
  /** How the range's mean moved against the period before. */
  change: string;
}

/** The page's range: one of its choices, or null, and its length. */
export interface TileRange {
  choice: RangeChoice | null;
  seconds: number;
}

/** Figures of the whole range; the others are of now. */
const overRange: ReadonlySet<TileId> = new Set(["hitRatio", "readLatency"]);

/** How far apart the samples behind a tile are, in seconds; the others are read with the page. */
const sampledSeconds: Partial<Record<TileId, number>> = { commits: 10, hitRatio: 10, readLatency: 10 };

/** Whether a tile rests on samples that ended: three went missing before its page was read. */
export function samplesEnded(tile: Tile, readAt: Date): boolean {
  const every = sampledSeconds[tile.id];
  if (!every || tile.value === null || !tile.observedAt) return false;
  return readAt.getTime() - tile.observedAt.getTime() > 3 * every * 1_000;
}

/** A tile's figures as it says them. */
export function tileWords(tile: Tile, range: TileRange, zone: TimeZone): TileWords {
  if (tile.unit === "days") return runwayWords(tile, zone);
  const words = formatValue(tile.value, tile.unit);
  const cut = words.search(/[^\d.,−–<> -]/);
  const change = formatChange(tile.average, tile.previousAverage, tile.unit, periodBefore(range));
  return {
    figure: cut > 0 ? words.slice(0, cut).trim() : words,
    suffix: cut > 0 ? words.slice(cut).trim() : "",
    exact: formatExact(tile.value, tile.unit),
    note: [overRange.has(tile.id) ? periodShown(range) : "now", tile.note].filter(Boolean).join(" · "),
    change: changeText(tile, change?.words),
  };
}

function changeText({ value, average }: Tile, change: string | undefined): string {
  if (value === null) return "";
  if (change === undefined) return average === null ? "no history yet" : "nothing earlier to compare";
  return change.startsWith("unchanged") ? change : `mean ${change}`;
}

/** A runway shrinks by a day a day, so its change says nothing: its end does. */
function runwayWords(tile: Tile, zone: TimeZone): TileWords {
  const { value, observedAt } = tile;
  if (value === null)
    return { figure: nothing, suffix: "", exact: "not known", note: tile.note ?? "", change: "" };
  const whole = value >= 10 ? Math.floor(value) : Math.floor(value * 10) / 10;
  const end = observedAt && value > 0 ? observedAt.getTime() + value * dayMs : null;
  return {
    figure: String(whole),
    suffix: whole === 1 ? "day" : "days",
    exact: `${value.toFixed(2)} days`,
    note: end === null ? "no room left" : `until ${formatDate(end, zone)}`,
    change: tile.note ?? "",
  };
}
