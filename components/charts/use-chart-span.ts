"use client";

import { useCallback, useEffect, useId, useSyncExternalStore } from "react";
import { useTimeRange, useWholeRange } from "@/lib/client/url-state.ts";
import { chartSpan } from "./chart-span.ts";

/** When collecting began for each chart of the page. They begin together, so that times stand above each other. */
const begins = new Map<string, number>();
const listeners = new Set<() => void>();

function tell() {
  for (const each of listeners) each();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function earliest(): number | null {
  return begins.size === 0 ? null : Math.min(...begins.values());
}

/** The first sample of all charts of the page, in epoch ms; null where none has any. */
export function useFirstSample(): number | null {
  return useSyncExternalStore(subscribe, earliest, () => null);
}

/** What a chart whose samples begin at `sinceMs` draws of the page's range when the newest moment is `newestMs`. */
export function useChartSpan(sinceMs: number | null): (newestMs: number) => [fromMs: number, toMs: number] {
  const id = useId();
  const { ends } = useTimeRange();
  const { whole } = useWholeRange();
  const first = useFirstSample();
  useEffect(() => {
    if (sinceMs === null) return;
    begins.set(id, sinceMs);
    tell();
    return () => {
      begins.delete(id);
      tell();
    };
  }, [id, sinceMs]);
  // Before the others are known a chart begins with its own.
  const beginMs = first === null || (sinceMs !== null && sinceMs < first) ? sinceMs : first;
  return useCallback((newestMs) => chartSpan(ends(newestMs), beginMs, whole), [ends, beginMs, whole]);
}
