import type { Point, SeriesHistory } from "../collector/types.ts";

export interface Trend {
  spark: Point[];
  /** Newest point that is no gap. */
  last: number | null;
  average: number | null;
  previousAverage: number | null;
  change: number | null;
}

/** How a series moved: its points, their mean, and the mean of the period before. */
export function trendOf(points: readonly Point[] | undefined, before: readonly Point[] | undefined): Trend {
  const average = meanOf(points);
  const previousAverage = meanOf(before);
  return {
    spark: [...(points ?? [])],
    last: (points ?? []).findLast(([, value]) => value !== null)?.[1] ?? null,
    average,
    previousAverage,
    change:
      average === null || previousAverage === null || previousAverage === 0
        ? null
        : (average - previousAverage) / previousAverage,
  };
}

/** Point by point `a` ÷ (`a` + `b`), or what `combine` makes of them; a gap in either is a gap. */
export function combine(
  history: SeriesHistory,
  a: string,
  b: string,
  figure: (a: number, b: number) => number | null,
): Point[] {
  const other = new Map(history.series[b] ?? []);
  return (history.series[a] ?? []).map(([at, value]) => {
    const second = other.get(at) ?? null;
    return [at, value === null || second === null ? null : figure(value, second)];
  });
}

function meanOf(points: readonly Point[] | undefined): number | null {
  const known = (points ?? []).flatMap(([, value]) => value ?? []);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
