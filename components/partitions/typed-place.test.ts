import { expect, test } from "vitest";
import { learnedPlace, placeOf } from "./typed-place.ts";

test("what a table holds is learned unless it is typed: both bounds, or a value a line", () => {
  expect(placeOf(learnedPlace)).toEqual({});
  expect(placeOf({ ...learnedPlace, from: "2024-01-01" })).toEqual({});
  expect(placeOf({ ...learnedPlace, how: "range", from: " 2024-01-01 ", to: "MAXVALUE" })).toEqual({
    bounds: { from: "2024-01-01", to: "MAXVALUE" },
  });
  expect(placeOf({ ...learnedPlace, how: "range", from: "2024-01-01", to: " " })).toBeNull();
  expect(placeOf({ ...learnedPlace, how: "list", values: "de\r\nfr, be\n\n at\n" })).toEqual({
    values: ["de", "fr, be", " at"],
  });
  expect(placeOf({ ...learnedPlace, how: "list", values: " \n" })).toBeNull();
});
