import fc from "fast-check";
import { expect, it } from "vitest";
import { fromInputValue, toInputValue } from "./input-time.ts";

it("reads back the minute it wrote, in UTC", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (minute) => {
      const at = minute * 60_000;
      fc.pre(at < Date.UTC(9999, 0));
      expect(fromInputValue(toInputValue(at, "utc"), "utc")?.getTime()).toBe(at);
    }),
  );
});

it("takes nothing that is no moment", () => {
  for (const value of ["", "yesterday", "2026-13-45T99:99"]) expect(fromInputValue(value, "utc")).toBeNull();
});

it("writes the person's own clock in the local zone", () => {
  const at = new Date(2026, 10, 23, 9, 5);
  expect(toInputValue(at.getTime(), "local")).toBe("2026-11-23T09:05");
  expect(fromInputValue("2026-11-23T09:05", "local")?.getTime()).toBe(at.getTime());
});
