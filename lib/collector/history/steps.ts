import { minuteKeepSeconds, rawKeepSeconds } from "../retention.ts";
import type { TimeRange } from "../types.ts";

/** Steps a chart may have: each divides an hour or is a multiple of one, and a roll-up's step divides the larger ones. */
const niceSteps = [
  10, 20, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400,
] as const;

export type Tier = "raw" | "minute" | "hour";

/** What is kept of totals and of objects: the finest step, and beyond which age in seconds it no longer is. */
const finest = {
  totals: [
    { step: 3_600, beyondSeconds: minuteKeepSeconds },
    { step: 60, beyondSeconds: rawKeepSeconds },
  ],
  objects: [{ step: 3_600, beyondSeconds: rawKeepSeconds }],
};

/**
 * The step for a range: at most `points` steps, no finer than `everySeconds`, nor than what is
 * still kept of the range's beginning.
 */
export function stepSeconds(
  range: TimeRange,
  points: number,
  everySeconds: number,
  now: number,
  form: "totals" | "objects" = "totals",
): number {
  const seconds = (range.to.getTime() - range.from.getTime()) / 1_000;
  const ageSeconds = (now - range.from.getTime()) / 1_000;
  // A range that ends now began `age` seconds ago by a clock that ticks on: a minute's grace.
  const finestKept = finest[form].find(({ beyondSeconds }) => ageSeconds > beyondSeconds + 60)?.step ?? 10;
  const least = Math.max(seconds / Math.max(1, points), everySeconds, finestKept);
  // An unaligned range touches one step more than it is long.
  const touched = (step: number) =>
    Math.ceil(range.to.getTime() / 1_000 / step) - Math.floor(range.from.getTime() / 1_000 / step);
  const fits = (step: number) => step >= least && touched(step) <= Math.max(2, points);
  const nice = niceSteps.find(fits);
  if (nice !== undefined) return nice;
  let days = Math.ceil(least / 86_400);
  while (!fits(days * 86_400)) days += 1;
  return days * 86_400;
}

/** The coarsest roll-up that still tells steps of this width apart: it holds the same information in fewer rows. */
export function tierOf(step: number): Tier {
  return step % 3_600 === 0 ? "hour" : step % 60 === 0 ? "minute" : "raw";
}
