import { expect, test } from "vitest";
import type { Point } from "../types.ts";
import { addPoints, combinePoints, coveredSeconds, growth, share } from "./ratio.ts";

test("a share of too little is no share: never 100 %, never 0 %", () => {
  expect(share(0, 0)).toBeNull();
  expect(share(5, 0, 10)).toBeNull();
  expect(share(9, 1, 10)).toBe(0.9);
  expect(share(0, 0, 0)).toBeNull();
});

test("combines by time, and a gap in either is a gap", () => {
  const a: Point[] = [
    [0, 90],
    [10, null],
    [20, 50],
    [30, 1],
  ];
  const b: Point[] = [
    [0, 10],
    [10, 5],
    [20, null],
  ];
  expect(combinePoints(a, b, share)).toEqual([
    [0, 0.9],
    [10, null],
    [20, null],
    [30, null],
  ]);
});

test("growth adds up rates over steps and leaves gaps out", () => {
  const points: Point[] = [
    [0, 2],
    [10, null],
    [20, 0.5],
  ];
  expect(growth(points, 10)).toBe(25);
  expect(coveredSeconds(points, 10)).toBe(20);
  expect(growth(undefined, 10)).toBe(0);
});

test("adds series up, and a gap in a newer one counts nothing", () => {
  const first: Point[] = [
    [0, 1],
    [10, null],
    [20, 3],
  ];
  const newer: Point[] = [
    [10, 5],
    [20, 4],
  ];
  expect(addPoints(first, newer, [[0, 2]])).toEqual([
    [0, 3],
    [10, null],
    [20, 7],
  ]);
});
