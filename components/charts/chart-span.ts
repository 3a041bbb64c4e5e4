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
