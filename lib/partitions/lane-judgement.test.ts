import { expect, test } from "vitest";
import { parseInstant } from "../partition-facts/bound-values.ts";
import { findSpans, type Range } from "../partition-facts/find-spans.ts";
import { getRunway } from "../partition-facts/get-runway.ts";
import { inferInterval } from "../partition-facts/infer-interval.ts";

const infinite = 2n ** 80n;
const at = (text: string) => {
  const micros = parseInstant(text);
  if (micros === null) throw new Error(`not a time: ${text}`);
  return micros;
};
const range = (name: string, from: string | null, to: string | null): Range => ({
  name,
  from: [from ? at(from) : -infinite],
  to: [to ? at(to) : infinite],
});
const month = { unit: "month", seconds: 30 * 86_400 } as const;
const now = new Date("2024-03-15T12:00:00Z");

test("a gap and an overlap are told with their ends and neighbours, in any order given", () => {
  const ranges = [
    range("mar", "2024-03-01", "2024-04-01"),
    range("jan", "2024-01-01", "2024-02-01"),
    range("apr", "2024-03-30 00:00:00+00", "2024-05-01"),
  ];
  expect(findSpans(ranges, "time")).toEqual({
    gaps: [{ from: "2024-02-01T00:00:00.000Z", to: "2024-03-01T00:00:00.000Z", between: ["jan", "mar"] }],
    overlaps: [{ from: "2024-03-30T00:00:00.000Z", to: "2024-04-01T00:00:00.000Z", between: ["mar", "apr"] }],
  });
});

test("a partition inside another hides no later gap", () => {
  const ranges = [
    range("wide", "2024-01-01", "2024-06-01"),
    range("inner", "2024-02-01", "2024-03-01"),
    range("late", "2024-07-01", "2024-08-01"),
  ];
  expect(findSpans(ranges, "time").gaps).toEqual([
    { from: "2024-06-01T00:00:00.000Z", to: "2024-07-01T00:00:00.000Z", between: ["wide", "late"] },
  ]);
});

test("the same moment printed with two offsets adjoins", () => {
  const ranges = [
    range("a", "2024-01-01", "2024-02-01 00:00:00+02"),
    range("b", "2024-01-31 22:00:00+00", null),
  ];
  expect(findSpans(ranges, "time")).toEqual({ gaps: [], overlaps: [] });
});

test("runway runs through adjoining partitions and stops at a gap", () => {
  const ranges = [
    range("feb", "2024-02-01", "2024-03-01"),
    range("mar", "2024-03-01", "2024-04-01"),
    range("apr", "2024-04-01", "2024-05-01"),
    range("jun", "2024-06-01", "2024-07-01"),
  ];
  expect(getRunway(ranges, "time", month, now)).toMatchObject({
    coversNow: true,
    until: "2024-05-01T00:00:00.000Z",
    seconds: (Date.parse("2024-05-01T00:00:00Z") - now.getTime()) / 1_000,
    lastBound: "2024-07-01T00:00:00.000Z",
    unlimited: false,
    retired: false,
  });
});

test("without a partition for now the runway is nothing, however many lie ahead", () => {
  expect(getRunway([range("jun", "2024-06-01", "2024-07-01")], "time", month, now)).toMatchObject({
    coversNow: false,
    seconds: 0,
    lastBound: "2024-07-01T00:00:00.000Z",
  });
  expect(getRunway([], "time", null, now)).toMatchObject({ coversNow: false, seconds: 0, lastBound: null });
});

test("MAXVALUE is an unlimited runway", () => {
  expect(getRunway([range("all", null, null)], "time", null, now)).toMatchObject({
    coversNow: true,
    unlimited: true,
    seconds: null,
    until: null,
  });
});

test("a lane that ended long ago is retired, one that ended last month is not", () => {
  expect(getRunway([range("old", "2022-01-01", "2022-02-01")], "time", month, now)?.retired).toBe(true);
  expect(getRunway([range("feb", "2024-01-01", "2024-02-01")], "time", month, now)?.retired).toBe(false);
});

test.each([
  ["day", [86_400, 86_400, 82_800, 86_400, 90_000]],
  ["week", [604_800, 604_800]],
  ["month", [31, 29, 31, 30, 31].map((d) => d * 86_400)],
  ["quarter", [91, 91, 92, 92].map((d) => d * 86_400)],
  ["year", [365 * 86_400, 366 * 86_400]],
  ["custom", [86_400, 604_800, 31 * 86_400]],
])("widths of a %s are recognised, across changes of the clock", (unit, widths) => {
  expect(inferInterval(widths)?.unit).toBe(unit);
});

test("the interval follows the newest partitions, not the oldest", () => {
  const yearly = Array(20).fill(365 * 86_400);
  const monthly = Array(12).fill(30 * 86_400);
  expect(inferInterval([...yearly, ...monthly])?.unit).toBe("month");
  expect(inferInterval([])).toBeNull();
});
