import { expect, test } from "vitest";
import { chartSpan, firstFigureMs } from "./chart-span.ts";

const minute = 60_000;

test("a chart begins with the first sample, and shows the whole range to whoever asks", () => {
  expect(chartSpan([0, 60 * minute], 40 * minute, false)).toEqual([40 * minute, 60 * minute]);
  expect(chartSpan([0, 60 * minute], 40 * minute, true)).toEqual([0, 60 * minute]);
});

test("a range that was collected as a whole, or not at all, is drawn as it is", () => {
  expect(chartSpan([0, 60 * minute], 0, false)).toEqual([0, 60 * minute]);
  expect(chartSpan([0, 60 * minute], 61 * minute, false)).toEqual([0, 60 * minute]);
  expect(chartSpan([0, 60 * minute], null, false)).toEqual([0, 60 * minute]);
});

test("the first seconds of collecting fill no more than a minute", () => {
  expect(chartSpan([0, 60 * minute], 60 * minute - 5_000, false)).toEqual([59 * minute, 60 * minute]);
});

test("figures begin with the first sample, or with the slot before it that the first growth stands in", () => {
  const since = Date.UTC(2026, 10, 27, 12, 0, 7);
  const row = (second: number, ...v: (number | null)[]) => ({ t: Date.UTC(2026, 10, 27, 12, 0, second), v });
  expect(firstFigureMs(since, [row(0, null, null), row(10, 1, null)])).toBe(since);
  expect(firstFigureMs(since, [row(-10, null), row(0, 4), row(10, 5)])).toBe(row(0).t);
  expect(firstFigureMs(since, [row(0, null)])).toBe(since);
  expect(firstFigureMs(null, [])).toBeNull();
});
