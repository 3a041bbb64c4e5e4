"use client";

/**
 * What the URL holds for every page: `range` (or `from` and `to`), `refresh`, `own`, `whole`.
 * Links made with `useKeptHref` (and `ConsoleLink`) carry them across pages and targets.
 */
import { useSearchParams } from "next/navigation";
import {
  parseAsBoolean,
  parseAsIsoDateTime,
  parseAsStringLiteral,
  useQueryState,
  useQueryStates,
} from "nuqs";
import { useCallback, useMemo } from "react";
import {
  defaultRange,
  defaultRefresh,
  keptParams,
  type RangeChoice,
  type Refresh,
  rangeSeconds,
  ranges,
  refreshes,
  refreshSeconds,
} from "./ranges.ts";

export type RangeValue = { range: RangeChoice } | { from: Date; to: Date };

const rangeParsers = {
  range: parseAsStringLiteral(ranges),
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
};

export interface TimeRangeState {
  /** Give this to reads: `{range: "1h"}` or `{from, to}`. Stable while the URL is. */
  input: RangeValue;
  /** The relative choice, or null for a custom range. */
  choice: RangeChoice | null;
  /** Length in seconds. */
  seconds: number;
  /** The two ends in epoch milliseconds, a relative range ending at `nowMs`. */
  ends: (nowMs: number) => [fromMs: number, toMs: number];
  setChoice: (choice: RangeChoice) => void;
  setCustom: (from: Date, to: Date) => void;
  /** Back to what was chosen before the last `setCustom` of this visit, else the default. */
  reset: () => void;
}

let choiceBeforeCustom: RangeChoice = defaultRange;

/** The page's time range, from the URL; default the last hour. */
export function useTimeRange(): TimeRangeState {
  const [params, setParams] = useQueryStates(rangeParsers, { history: "push", shallow: true });
  const fromMs = params.from?.getTime();
  const toMs = params.to?.getTime();
  const choice = params.range ?? defaultRange;
  return useMemo(() => {
    const custom = fromMs !== undefined && toMs !== undefined && fromMs < toMs;
    const seconds = custom ? (toMs - fromMs) / 1_000 : rangeSeconds[choice];
    const setChoice = (next: RangeChoice) =>
      void setParams({ range: next === defaultRange ? null : next, from: null, to: null });
    return {
      input: custom ? { from: new Date(fromMs), to: new Date(toMs) } : { range: choice },
      choice: custom ? null : choice,
      seconds,
      ends: (nowMs: number): [number, number] => (custom ? [fromMs, toMs] : [nowMs - seconds * 1_000, nowMs]),
      setChoice,
      setCustom: (from: Date, to: Date) => {
        if (!custom) choiceBeforeCustom = choice;
        void setParams({ range: null, from, to });
      },
      reset: () => setChoice(choiceBeforeCustom),
    };
  }, [fromMs, toMs, choice, setParams]);
}

/** How often the page asks anew, from the URL; default 5 s. `seconds` is null for off. */
export function useRefresh() {
  const [refresh, setRefresh] = useQueryState(
    "refresh",
    parseAsStringLiteral(refreshes).withDefault(defaultRefresh).withOptions({ history: "replace" }),
  );
  return {
    refresh,
    seconds: refreshSeconds[refresh],
    setRefresh: useCallback((next: Refresh) => void setRefresh(next), [setRefresh]),
  };
}

const parseOwn = parseAsStringLiteral(["hide", "show"] as const).withDefault("hide");

/** Whether the console's own queries are left out, from the URL; default hidden. */
export function useOwnQueries() {
  const [own, setOwn] = useQueryState("own", parseOwn);
  return {
    hideOwn: own === "hide",
    setHideOwn: useCallback((hide: boolean) => void setOwn(hide ? "hide" : "show"), [setOwn]),
  };
}

/** Whether charts show the part of the range before the first sample too, from the URL; default not. */
export function useWholeRange() {
  const [whole, setWhole] = useQueryState("whole", parseAsBoolean.withDefault(false));
  return { whole, setWhole: useCallback((next: boolean) => void setWhole(next || null), [setWhole]) };
}

/** `keep("/demo/caches")` → the same address with this page's range, refresh and own-queries choice. */
export function useKeptHref(): (href: string) => string {
  const search = useSearchParams();
  const kept = keptParams(search);
  return useCallback(
    (href: string) => {
      if (!kept) return href;
      const [address = "", anchor] = href.split("#");
      const [path = "", query] = address.split("?");
      const own = new URLSearchParams(query);
      for (const [key, value] of new URLSearchParams(kept)) if (!own.has(key)) own.set(key, value);
      return `${path}?${own}${anchor ? `#${anchor}` : ""}`;
    },
    [kept],
  );
}
