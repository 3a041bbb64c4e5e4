import { expect, test } from "vitest";
import type { SeriesHistory } from "@/lib/collector/types.ts";
import { growthOf, meanOf, statementFigures, withMean } from "./statement-history.ts";

const history: SeriesHistory = {
  series: {
    calls: [
      [0, 2],
      [60_000, null],
      [120_000, 0],
      [180_000, 4],
    ],
    totalExecMs: [
      [0, 10],
      [60_000, null],
      [120_000, 0],
      [180_000, 60],
    ],
    rows: [
      [0, 20],
      [60_000, null],
      [120_000, 0],
      [180_000, 40],
    ],
    sharedBlksHit: [[0, 90]],
    sharedBlksRead: [[0, 10]],
  },
  units: { calls: "perSecond", totalExecMs: "msPerSecond" },
  stepSeconds: 60,
  collectingSince: null,
  observedAt: null,
};

test("gaps are left out of means and sums", () => {
  expect(meanOf(history.series.calls)).toBe(2);
  expect(meanOf([[0, null]])).toBeNull();
  expect(meanOf(undefined)).toBeNull();
  expect(growthOf(history, "calls")).toBe(360);
  expect(growthOf(history, "unheard")).toBeNull();
});

test("the mean has a gap where nothing was collected or called", () => {
  const { series, units } = withMean(history);
  expect(series.meanMs).toEqual([
    [0, 5],
    [60_000, null],
    [120_000, null],
    [180_000, 15],
  ]);
  expect(units.meanMs).toBe("ms");
});

test("figures of a range weigh by calls, not by steps", () => {
  expect(statementFigures(history)).toEqual({
    calls: 360,
    totalMs: 4_200,
    meanMs: 4_200 / 360,
    rowsPerCall: 10,
    hitRatio: 0.9,
  });
});

test("without samples nothing is said", () => {
  const nothing = statementFigures({ ...history, series: {} });
  expect(Object.values(nothing).every((value) => value === null)).toBe(true);
});
