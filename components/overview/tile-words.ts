import { formatChange, formatExact, formatValue, nothing } from "@/lib/client/format.ts";
import { formatDate, type TimeZone } from "@/lib/client/format-time.ts";
import type { rangeSeconds } from "@/lib/client/ranges.ts";
import type { RangeValue } from "@/lib/client/url-state.ts";
import type { Tile } from "@/lib/overview/types.ts";

const dayMs = 86_400_000;

export interface TileWords {
  figure: string;
  suffix: string;
  /** Whole figure, for the hover. */
  exact: string;
  /** What the figure is out of, or until when it lasts. */
  note: string;
  /** How the range's mean moved against the period before. */
  change: string;
}

const periods: Record<keyof typeof rangeSeconds, string> = {
  "15m": "the 15 min before",
  "1h": "the hour before",
  "6h": "the 6 h before",
  "24h": "the day before",
  "7d": "the week before",
  "30d": "the month before",
};

export function periodBefore(range: RangeValue): string {
  return "range" in range ? periods[range.range] : "the same time before";
}

/** A tile's figures as it says them. */
export function tileWords(tile: Tile, range: RangeValue, zone: TimeZone): TileWords {
  if (tile.unit === "days") return runwayWords(tile, zone);
  const words = formatValue(tile.value, tile.unit);
  const cut = words.search(/[^\d.,−–<> -]/);
  const change = formatChange(tile.average, tile.previousAverage, tile.unit, periodBefore(range));
  return {
    figure: cut > 0 ? words.slice(0, cut).trim() : words,
    suffix: cut > 0 ? words.slice(cut).trim() : "",
    exact: formatExact(tile.value, tile.unit),
    note: tile.note ?? "",
    change: change?.words ?? (tile.value === null ? "" : "nothing to compare yet"),
  };
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
