import fc from "fast-check";
import { expect, test } from "vitest";
import { toMoment } from "./moment.ts";

test.each([
  ["2026-03-29T02:30:00.123456+02:00", "2026-03-29T00:30:00.123456Z"],
  ["2026-03-29T00:30:00Z", "2026-03-29T00:30:00.000Z"],
  ["2026-03-29T00:30:00.5Z", "2026-03-29T00:30:00.500Z"],
  ["2026-03-29T00:30:00.500000Z", "2026-03-29T00:30:00.500Z"],
  ["2026-03-29T00:30:00.5001Z", "2026-03-29T00:30:00.500100Z"],
  ["0001-01-01T00:00:00.000001Z", "0001-01-01T00:00:00.000001Z"],
  ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"],
])("%s is %s", (given, time) => {
  expect(toMoment(given)).toEqual({ time });
});

test.each([
  "2026-03-29 02:30",
  "2026-03-29T02:30:00",
  "2026-02-29T00:00:00Z",
  "2026-03-29T24:00:00Z",
  "2026-03-29T00:00:00.1234567Z",
  "0000-12-31T23:59:59Z",
  "0001-01-01T00:59:59+01:00",
  "9999-12-31T23:59:59-00:01",
  "+010000-01-01T00:00:00Z",
])("%s is no moment that an event may have", (given) => {
  expect(toMoment(given)).toHaveProperty("problem");
});

test("an invalid Date and one beyond the years are refused", () => {
  for (const ms of [Number.NaN, 8.64e15, -8.64e15]) expect(toMoment(new Date(ms))).toHaveProperty("problem");
});

test("whatever the offset, one moment has one text, and that is itself again", () => {
  const micros = fc.integer({ min: 0, max: 999_999 });
  const ms = fc.integer({ min: -62_000_000_000, max: 253_000_000_000 }).map((seconds) => seconds * 1_000);
  fc.assert(
    fc.property(ms, micros, fc.integer({ min: -719, max: 719 }), (at, below, offsetMinutes) => {
      const local = new Date(at + offsetMinutes * 60_000).toISOString().slice(0, 19);
      const sign = offsetMinutes < 0 ? "-" : "+";
      const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60];
      const two = (value: number) => String(value).padStart(2, "0");
      const fraction = String(below).padStart(6, "0");
      const there = toMoment(`${local}.${fraction}${sign}${two(hours)}:${two(minutes)}`);
      const here = toMoment(`${new Date(at).toISOString().slice(0, 19)}.${fraction}Z`);
      expect(there).toEqual(here);
      if ("time" in here) expect(toMoment(here.time)).toEqual(here);
    }),
  );
});
