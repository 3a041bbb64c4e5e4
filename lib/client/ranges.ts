import type { RelativeRange } from "../read.ts";
import { formatSeconds } from "./format.ts";

/** Choices of the time range, in the order they are offered. */
export const ranges = ["15m", "1h", "6h", "24h", "7d", "30d"] as const satisfies readonly RelativeRange[];
export type RangeChoice = (typeof ranges)[number];
export const defaultRange: RangeChoice = "1h";

/** Lengths in seconds; a test keeps them equal to `relativeRanges` of lib/read.ts, which zod keeps off this side. */
export const rangeSeconds: Record<RangeChoice, number> = {
  "15m": 900,
  "1h": 3_600,
  "6h": 21_600,
  "24h": 86_400,
  "7d": 604_800,
  "30d": 2_592_000,
};
export const rangeLabels: Record<RangeChoice, string> = {
  "15m": "Last 15 minutes",
  "1h": "Last hour",
  "6h": "Last 6 hours",
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
};

const periodNames: Record<RangeChoice, string> = {
  "15m": "15 min",
  "1h": "hour",
  "6h": "6 h",
  "24h": "24 h",
  "7d": "7 days",
  "30d": "30 days",
};

/** "last hour", "these 10 m": the stretch that a range's figures are of. */
export function periodShown(range: { choice: RangeChoice | null; seconds: number }): string {
  return range.choice ? `last ${periodNames[range.choice]}` : `these ${formatSeconds(range.seconds)}`;
}

/** "previous hour", "previous 10 m": what a range is compared with. */
export function periodBefore(range: { choice: RangeChoice | null; seconds: number }): string {
  return `previous ${range.choice ? periodNames[range.choice] : formatSeconds(range.seconds)}`;
}

export const refreshes = ["off", "2s", "5s", "15s", "60s"] as const;
export type Refresh = (typeof refreshes)[number];
export const defaultRefresh: Refresh = "5s";
export const refreshSeconds: Record<Refresh, number | null> = {
  off: null,
  "2s": 2,
  "5s": 5,
  "15s": 15,
  "60s": 60,
};

const keptKeys = ["range", "from", "to", "refresh", "own", "whole"];

/** Of a page's query string, the part that links carry on. */
export function keptParams(search: Pick<URLSearchParams, "get">): string {
  const kept = new URLSearchParams();
  for (const key of keptKeys) {
    const value = search.get(key);
    if (value !== null) kept.set(key, value);
  }
  return kept.toString();
}

/** The range a page's search params ask for, as reads take it; for prefetching on the server. */
export function rangeOfSearch(search: Record<string, string | string[] | undefined>) {
  const [range, from, to] = [search.range, search.from, search.to].map((v) => (Array.isArray(v) ? v[0] : v));
  if (from && to) {
    const ends = { from: new Date(from), to: new Date(to) };
    if (ends.from.getTime() < ends.to.getTime()) return ends;
  }
  return { range: ranges.find((choice) => choice === range) ?? defaultRange };
}
