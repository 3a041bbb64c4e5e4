import { expect, test } from "vitest";
import { chartSpan } from "./chart-span.ts";

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
