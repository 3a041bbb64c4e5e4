import { expect, test } from "vitest";
import { atPlace } from "../testing/clocks.ts";
import { product } from "../testing/sources.ts";
import { isWeekend } from "./days.ts";
import { isPublicHoliday, isWorkingDay } from "./public-holidays.ts";

test("the calendars of all countries are loaded by one file, when a clock is first read", () => {
  const named = product.filter(({ text }) => text.includes("date-holidays"));
  expect(named.map(({ file }) => file)).toEqual(["lib/request-law/public-holidays.ts"]);
  // A static import would be made with the page; this one is made with the first question, and is no bundle's.
  expect(named[0]?.text).toContain('createRequire(import.meta.url)("date-holidays")');
  expect(named[0]?.text).not.toMatch(/from "date-holidays"|await import/);
});

test("holidays are those of the country and its part", () => {
  expect(isPublicHoliday(atPlace("DE", "BY"), "2026-06-04")).toBe(true);
  expect(isPublicHoliday(atPlace("DE"), "2026-06-04")).toBe(false);
  expect(isPublicHoliday(atPlace("US", "CA"), "2026-03-31")).toBe(true);
  expect(isWeekend("2026-11-28")).toBe(true);
  // No calendar is known of it: only weekends are.
  expect(isWorkingDay(atPlace("XX"), "2026-12-25")).toBe(true);
});
