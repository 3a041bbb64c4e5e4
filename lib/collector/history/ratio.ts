import type { Point } from "../types.ts";

/** part ÷ (part + rest); null below `least` in all, where a share would say nothing. */
export function share(part: number, rest: number, least = 1): number | null {
  const all = part + rest;
  return all >= least && all > 0 ? part / all : null;
}

/** Point by point `combine` of two series on the same steps; a gap in either is a gap. */
export function combinePoints(
  a: readonly Point[],
  b: readonly Point[],
  combine: (a: number, b: number) => number | null,
): Point[] {
  const other = new Map(b);
  return a.map(([at, value]) => {
    const second = other.get(at) ?? null;
    return [at, value === null || second === null ? null : combine(value, second)];
  });
}

/** The sum of series on the steps of the first; a gap in another counts as nothing: it may be a newer series. */
export function addPoints(first: readonly Point[], ...others: (readonly Point[])[]): Point[] {
  const known = others.map((points) => new Map(points));
  return first.map(([at, value]) => [
    at,
    value === null ? null : known.reduce((sum, points) => sum + (points.get(at) ?? 0), value),
  ]);
}

/** What a counter grew by over its points, which are rates per second; gaps count nothing. */
export function growth(points: readonly Point[] | undefined, stepSeconds: number): number {
  return (points ?? []).reduce((sum, [, rate]) => sum + (rate ?? 0) * stepSeconds, 0);
}

/** Seconds covered by points that are not gaps. */
export function coveredSeconds(points: readonly Point[] | undefined, stepSeconds: number): number {
  return (points ?? []).filter(([, value]) => value !== null).length * stepSeconds;
}
