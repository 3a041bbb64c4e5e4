import type { Point, SeriesHistory } from "@/lib/collector/types.ts";

/** Mean of what was collected, gaps left out; null when nothing was. */
export function meanOf(points: readonly Point[] | undefined): number | null {
  const values = (points ?? []).flatMap(([, value]) => (value === null ? [] : [value]));
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}

/** Growth over the steps of a rate per second; null when no step has one. */
export function growthOf(history: SeriesHistory, name: string): number | null {
  const mean = meanOf(history.series[name]);
  const steps = (history.series[name] ?? []).filter(([, value]) => value !== null).length;
  return mean === null ? null : mean * steps * history.stepSeconds;
}

/** Execution time of one call at each step: the rates of time and calls divided; a gap where nothing was called. */
export function withMean(history: SeriesHistory): SeriesHistory {
  const calls = new Map(history.series.calls ?? []);
  const mean = (history.series.totalExecMs ?? []).map(([t, ms]): Point => {
    const rate = calls.get(t) ?? null;
    return [t, ms === null || !rate ? null : ms / rate];
  });
  return {
    ...history,
    series: { ...history.series, meanMs: mean },
    units: { ...history.units, meanMs: "ms" },
  };
}

export interface StatementFigures {
  calls: number | null;
  totalMs: number | null;
  meanMs: number | null;
  rowsPerCall: number | null;
  /** Share of the blocks touched that were in shared_buffers. */
  hitRatio: number | null;
}

/** What one statement did over a range, from its recorded rates. */
export function statementFigures(history: SeriesHistory): StatementFigures {
  const calls = growthOf(history, "calls");
  const totalMs = growthOf(history, "totalExecMs");
  const rows = growthOf(history, "rows");
  const hit = growthOf(history, "sharedBlksHit");
  const read = growthOf(history, "sharedBlksRead");
  return {
    calls: calls === null ? null : Math.round(calls),
    totalMs,
    meanMs: calls && totalMs !== null ? totalMs / calls : null,
    rowsPerCall: calls && rows !== null ? rows / calls : null,
    hitRatio: hit !== null && read !== null && hit + read > 0 ? hit / (hit + read) : null,
  };
}
