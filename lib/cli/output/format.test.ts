import { expect, test } from "vitest";
import { bytesText, countText, millisecondsText, oneLine, timeText } from "./format.ts";

test("figures read as a person writes them, unknown ones as a dash", () => {
  expect([bytesText(0), bytesText(999), bytesText(1_234_567), bytesText(null)]).toEqual([
    "0 B",
    "999 B",
    "1.2 MB",
    "–",
  ]);
  expect([countText(1_234_567), countText(null)]).toEqual(["1,234,567", "–"]);
  expect([
    millisecondsText(0.423),
    millisecondsText(12.7),
    millisecondsText(1_500),
    millisecondsText(7_200_000),
  ]).toEqual(["0.42 ms", "13 ms", "1.5 s", "2.0 h"]);
  expect(timeText(new Date("2026-03-01T09:12:33.500Z"))).toBe("2026-03-01 09:12:33 UTC");
  expect(oneLine("select  1\n from t", 12)).toBe("select 1 fr…");
});
