import { expect, test } from "vitest";
import { formatLimit, parseLimit } from "./limit-text.ts";

test.each([
  [300, "seconds", "5 min"],
  [90, "seconds", "1.5 min"],
  [45, "seconds", "45 s"],
  [61, "seconds", "61 s"],
  [0, "seconds", "0 s"],
  [0.25, "seconds", "250 ms"],
  [7_200, "seconds", "2 h"],
  [3_024_000, "seconds", "35 d"],
  [0.57, "ratio", "57 %"],
  [1.1, "ratio", "110 %"],
  [0.005, "ratio", "0.5 %"],
  [32_768, "bytes", "32 kB"],
  [1_610_612_736, "bytes", "1.5 GB"],
  [1_000, "bytes", "1000 B"],
  [45, "days", "45 d"],
  [3, "count", "3"],
  [3, null, "3"],
  [5, "perMinute", "5/min"],
  [3, "partitions", "3 partitions"],
  [1, "partitions", "1 partition"],
])("%d in %s is written %s, and reads back as the same", (value, unit, text) => {
  expect(formatLimit(value, unit)).toBe(text);
  expect(parseLimit(text, unit)).toBeCloseTo(value, 9);
});

test.each([
  ["300", "seconds", 300],
  ["5min", "seconds", 300],
  [" 2 hours ", "seconds", 7_200],
  [".5 h", "seconds", 1_800],
  ["80%", "ratio", 0.8],
  ["512 MB", "bytes", 536_870_912],
  ["12", "days", 12],
])("%s in %s is %d", (text, unit, value) => {
  expect(parseLimit(text, unit)).toBeCloseTo(value, 9);
});

test.each([
  ["", "seconds"],
  ["soon", "seconds"],
  ["-5", "seconds"],
  ["5 GB", "seconds"],
  ["1e3", "count"],
  ["1,000", "count"],
  ["5 min", "count"],
  ["5 min", null],
  // Eighty times, or eighty of a hundred?
  ["80", "ratio"],
  ["0.8", "ratio"],
  [`${"9".repeat(400)}`, "count"],
])("%s is no limit in %s", (text, unit) => {
  expect(parseLimit(text, unit)).toBeNull();
});
