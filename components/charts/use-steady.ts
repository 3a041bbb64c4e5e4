"use client";

import { useRef } from "react";
import type { SeriesHistory } from "@/lib/collector/types.ts";

/**
 * The same history as before while it holds the same samples: a refresh in between brings none, and a chart that is
 * not drawn anew then is half of what a page of charts costs.
 */
export function useSteadyHistory(history: SeriesHistory): SeriesHistory {
  const last = useRef(history);
  if (!sameSamples(last.current, history)) last.current = history;
  return last.current;
}

/** Answers keep the arrays of the one before where nothing in them changed (TanStack Query's structural sharing). */
function sameSamples(a: SeriesHistory, b: SeriesHistory): boolean {
  if (a === b) return true;
  const names = Object.keys(a.series);
  return (
    a.stepSeconds === b.stepSeconds &&
    a.collectingSince?.getTime() === b.collectingSince?.getTime() &&
    names.length === Object.keys(b.series).length &&
    names.every((name) => a.series[name] === b.series[name] && a.units[name] === b.units[name])
  );
}

/** The same small value as before while it says the same. */
export function useSteady<T>(value: T): T {
  const last = useRef(value);
  if (last.current !== value && JSON.stringify(last.current) !== JSON.stringify(value)) last.current = value;
  return last.current;
}
