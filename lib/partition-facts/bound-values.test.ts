import fc from "fast-check";
import { expect, test } from "vitest";
import { compareBounds, maxValue, minValue, parseInstant, toBoundValue } from "./bound-values.ts";
import { toIso, toMicros } from "./lane-axis.ts";

const value = (text: string, type = "timestamp with time zone") => {
  const found = toBoundValue({ is: "value", text }, { name: "at", type, collation: null, less: "<" }, null);
  if (!found) throw new Error(`not of ${type}: ${text}`);
  return found;
};

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
  expect(value("2024-01-01 00:00:00+02").order).toBe(value("2023-12-31 22:00:00+00").order);
  expect(value("2024-06-01 05:30:00+05:30").order).toBe(value("2024-06-01", "date").order);
});

test("microseconds count", () => {
  const before = value("2024-01-01 10:00:00.500001", "timestamp without time zone");
  expect(compareBounds([value("2024-01-01 10:00:00.5")], [before])).toBe(-1);
});

test.each([
  ["0044-03-15 BC", "-000043-03-15T00:00:00.000Z"],
  ["10000-01-01", "+010000-01-01T00:00:00.000Z"],
  ["2024-02-29 23:59:59.999999+00", "2024-02-29T23:59:59.999Z"],
])("%s is %s", (text, iso) => {
  expect(toIso(parseInstant(text))).toBe(iso);
});

test("open ends and infinity have no ISO form and enclose every value", () => {
  const inside = [value("2024-01-01")];
  for (const end of ["infinity", "-infinity"]) expect(toIso(toMicros(value(end), "time"))).toBeNull();
  expect(compareBounds([minValue], [value("-infinity")])).toBe(-1);
  expect(compareBounds([value("-infinity")], inside)).toBe(-1);
  expect(compareBounds([value("infinity")], inside)).toBe(1);
  expect(compareBounds([maxValue], [value("infinity")])).toBe(1);
  expect(compareBounds([value("5874897-12-31", "date")], [value("infinity", "date")])).toBe(-1);
});

test("columns behind an open end do not count", () => {
  const [one, five, seven] = ["1", "5", "7"].map((text) => value(text, "integer"));
  if (!one || !five || !seven) throw new Error("three values");
  expect(compareBounds([one, maxValue, five], [one, maxValue, seven])).toBe(0);
  expect(compareBounds([one, five], [one, seven])).toBe(-1);
});

test("integers compare exactly beyond what a double holds", () => {
  const id = (text: string) => value(text, "bigint");
  expect(compareBounds([id("9007199254740993")], [id("9007199254740992")])).toBe(1);
  expect(id("-9223372036854775808").order).toBe(-(2n ** 63n));
});

test("a bound of fewer columns lies below every value of the others", () => {
  const [one, two] = [value("1", "integer"), value("2", "integer")];
  expect(compareBounds([one], [one, minValue])).toBe(0);
  expect(compareBounds([one], [one, two])).toBe(-1);
  expect(compareBounds([one, maxValue], [two])).toBe(-1);
});

test("what the server has not ranked, or somebody else's code orders, does not compare", () => {
  const text = { name: "k", type: "text", collation: null, less: "<" };
  const end = { is: "value", text: "2026-10" } as const;
  expect(toBoundValue(end, text, 3)).toEqual({ order: 3n, text: "2026-10" });
  expect(toBoundValue(end, text, null)).toBeNull();
  expect(toBoundValue(end, { ...text, less: null }, 3)).toBeNull();
  expect(toBoundValue({ is: "value", text: "5" }, { ...text, type: "integer", less: null }, null)).toBeNull();
});
