import { expect, it } from "vitest";
import { lineSegments } from "./sparkline.tsx";

it("breaks the line at every gap and keeps lone points", () => {
  expect(
    lineSegments([
      [0, null],
      [1, 5],
      [2, 6],
      [3, null],
      [4, 7],
    ]),
  ).toEqual([
    [
      [1, 5],
      [2, 6],
    ],
    [[4, 7]],
  ]);
  expect(lineSegments([])).toEqual([]);
});
