import type { Row } from "./time-rows.ts";

/** A chart of less would show a line between two samples. */
const shortestMs = 60_000;

/**
 * The two ends that charts draw of a range, in epoch ms: from the first sample, where the range begins before it. A
 * range that ends before it is left whole, and says that nothing was collected yet.
 */
export function chartSpan(
  [fromMs, toMs]: readonly [number, number],
  firstSampleMs: number | null,
  whole: boolean,
): [fromMs: number, toMs: number] {
  if (whole || firstSampleMs === null || firstSampleMs <= fromMs || firstSampleMs >= toMs)
    return [fromMs, toMs];
  return [Math.max(fromMs, Math.min(firstSampleMs, toMs - shortestMs)), toMs];
}

/**
 * When a chart's figures begin, in epoch ms; null when there are none. Growth stands in the slot that it began in, up to
 * a step before the first sample that told it: what is drawn must not lie in the time before collecting.
 */
export function firstFigureMs(collectingSinceMs: number | null, rows: readonly Row[]): number | null {
  if (collectingSinceMs === null) return null;
  const drawn = rows.find(({ v }) => v.some((value) => value !== null));
  return Math.min(collectingSinceMs, drawn?.t ?? collectingSinceMs);
}
