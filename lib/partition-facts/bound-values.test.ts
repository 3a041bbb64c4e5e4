import fc from "fast-check";
import { expect, test } from "vitest";
import { compareOrdinals, inferAxis, parseInstant, toIso, toMicros, toOrdinal } from "./bound-values.ts";

const timestamptz = "timestamp with time zone";
const ordinal = (text: string, type = timestamptz) => toOrdinal({ is: "value", text }, type);

test("every moment comes back from the server's form, whatever its offset", () => {
  const date = fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
  fc.assert(
    fc.property(date, fc.integer({ min: -14 * 60, max: 14 * 60 }), (moment, offsetMinutes) => {
      const local = new Date(moment.getTime() + offsetMinutes * 60_000);
      fc.pre(local.getUTCFullYear() >= 1 && local.getUTCFullYear() <= 9999);
      const hh = String(Math.floor(Math.abs(offsetMinutes) / 60)).padStart(2, "0");
      const mm = String(Math.abs(offsetMinutes) % 60).padStart(2, "0");
      const text = `${local.toISOString().slice(0, -1).replace("T", " ")}${offsetMinutes < 0 ? "-" : "+"}${hh}:${mm}`;
      expect(parseInstant(text)).toBe(BigInt(moment.getTime()) * 1_000n);
    }),
  );
});

test("the same moment under two time zones is the same value", () => {
  expect(ordinal("2024-01-01 00:00:00+02")).toBe(ordinal("2023-12-31 22:00:00+00"));
  expect(ordinal("2024-06-01 05:30:00+05:30")).toBe(ordinal("2024-06-01", "date"));
});

test("microseconds count", () => {
  const before = ordinal("2024-01-01 10:00:00.500001", "timestamp without time zone");
  expect(compareOrdinals([ordinal("2024-01-01 10:00:00.5")], [before])).toBe(-1);
});

test.each([
  ["0044-03-15 BC", "-000043-03-15T00:00:00.000Z"],
  ["10000-01-01", "+010000-01-01T00:00:00.000Z"],
  ["2024-02-29 23:59:59.999999+00", "2024-02-29T23:59:59.999Z"],
])("%s is %s", (text, iso) => {
  expect(toIso(parseInstant(text))).toBe(iso);
});

test("open ends and infinity have no ISO form and enclose every value", () => {
  const inside = [ordinal("2024-01-01")];
  for (const end of ["infinity", "-infinity"]) expect(toIso(toMicros(ordinal(end), "time"))).toBeNull();
  expect(compareOrdinals([toOrdinal({ is: "min" }, timestamptz)], [ordinal("-infinity")])).toBe(-1);
  expect(compareOrdinals([ordinal("-infinity")], inside)).toBe(-1);
  expect(compareOrdinals([ordinal("infinity")], inside)).toBe(1);
  expect(compareOrdinals([toOrdinal({ is: "max" }, timestamptz)], [ordinal("infinity")])).toBe(1);
});

test("columns behind an open end do not count", () => {
  const max = toOrdinal({ is: "max" }, "integer");
  expect(compareOrdinals([1n, max, 5n], [1n, max, 7n])).toBe(0);
  expect(compareOrdinals([1n, 5n], [1n, 7n])).toBe(-1);
});

test.each([
  ["epochSeconds", "bigint", [1_704_067_200n, 1_706_745_600n]],
  ["epochMilliseconds", "bigint", [1_704_067_200_000n, 1_706_745_600_000n]],
  ["epochMicroseconds", "bigint", [1_704_067_200_000_000n, 1_706_745_600_000_000n]],
  ["calendarInteger", "integer", [20_240_101n, 20_240_201n]],
  ["integer", "integer", [0n, 1_000_000n]],
  ["integer", "bigint", [1_000_000_000n, 1_001_000_000n]],
  ["time", "date", [0n]],
  ["values", "text", ["a", "b"]],
] as const)("bounds of %s are recognised", (axis, type, bounds) => {
  expect(inferAxis(type, bounds)).toBe(axis);
});

test("integer epochs read as the moments they stand for", () => {
  for (const [axis, value] of [
    ["epochSeconds", 1_704_067_200n],
    ["epochMilliseconds", 1_704_067_200_000n],
    ["calendarInteger", 20_240_101n],
    ["calendarInteger", 202_401n],
  ] as const)
    expect(toIso(toMicros(value, axis))).toBe("2024-01-01T00:00:00.000Z");
});
