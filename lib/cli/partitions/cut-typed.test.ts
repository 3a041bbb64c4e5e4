import { expect, test } from "vitest";
import { requestTyped } from "./partition-requests.ts";

const cutOf = (typed: object) =>
  (requestTyped("create", { table: "visits", ...typed }, []) as { cut?: object }).cut;

test("what is typed of the cut is asked for by itself, and the rest is learned", () => {
  expect(cutOf({})).toBeUndefined();
  expect(cutOf({ timeZone: "Europe/Berlin" })).toEqual({ count: 1, timeZone: "Europe/Berlin" });
  expect(cutOf({ naming: "{table}_{yyyy}", key: "epoch seconds" })).toEqual({
    ...{ count: 1, naming: "{table}_{yyyy}", key: "epoch seconds" },
  });
  expect(cutOf({ interval: "day", count: "2" })).toEqual({ unit: "day", count: 2 });
  expect(cutOf({ interval: "number", count: "9007199254740993" })).toEqual({
    ...{ unit: "number", count: "9007199254740993" },
  });
});

test("a count says nothing without its unit", () => {
  expect(() => cutOf({ count: "2" })).toThrow("--count goes with --interval: it says how many of that unit.");
});
