import { expect, test } from "vitest";
import { endOfWindow } from "./work-window.ts";

const end = (from: string, to: string, at: string, timeZone = "UTC") =>
  endOfWindow({ from, to }, timeZone, new Date(at))?.toISOString() ?? null;

test("the window holds its first minute and not its last", () => {
  expect(end("02:00", "04:00", "2026-05-01T01:59:59.999Z")).toBeNull();
  expect(end("02:00", "04:00", "2026-05-01T02:00:00Z")).toBe("2026-05-01T04:00:00.000Z");
  expect(end("02:00", "04:00", "2026-05-01T03:59:59.999Z")).toBe("2026-05-01T04:00:00.000Z");
  expect(end("02:00", "04:00", "2026-05-01T04:00:00Z")).toBeNull();
});

test("one over midnight ends on the next day", () => {
  expect(end("22:30", "04:00", "2026-05-01T23:00:00Z")).toBe("2026-05-02T04:00:00.000Z");
  expect(end("22:30", "04:00", "2026-05-02T01:00:00Z")).toBe("2026-05-02T04:00:00.000Z");
  expect(end("22:30", "04:00", "2026-05-01T12:00:00Z")).toBeNull();
});

test("it lies by the clock of its zone, summer and winter", () => {
  expect(end("02:00", "04:00", "2026-07-01T00:30:00Z", "Europe/Berlin")).toBe("2026-07-01T02:00:00.000Z");
  expect(end("02:00", "04:00", "2026-07-01T02:30:00Z", "Europe/Berlin")).toBeNull();
  expect(end("02:00", "04:00", "2026-12-01T01:30:00Z", "Europe/Berlin")).toBe("2026-12-01T03:00:00.000Z");
});

test("an end that summer time leaves out is an hour later, one that comes twice is the first", () => {
  // In Berlin 02:30 of 29 March 2026 does not exist, and comes twice on 25 October 2026.
  expect(end("00:00", "02:30", "2026-03-28T23:30:00Z", "Europe/Berlin")).toBe("2026-03-29T01:30:00.000Z");
  expect(end("00:00", "02:30", "2026-10-24T23:30:00Z", "Europe/Berlin")).toBe("2026-10-25T00:30:00.000Z");
});
