import { expect, test } from "vitest";
import type { Tile } from "@/lib/overview/types.ts";
import { periodBefore, tileWords } from "./tile-words.ts";

const tile: Tile = {
  id: "connections",
  title: "Connections",
  value: 15,
  unit: "count",
  max: 77,
  note: "of 77 that can be used",
  observedAt: new Date("2026-11-23T10:00:00Z"),
  source: "pg_stat_activity",
  series: null,
  spark: [],
  average: 12,
  previousAverage: 10,
  change: 0.2,
  state: "ok",
  path: "connections",
};

test("a figure says its unit apart, and how its mean moved against the period before", () => {
  expect(tileWords(tile, { range: "1h" }, "utc")).toEqual({
    figure: "15",
    suffix: "",
    exact: "15",
    note: "of 77 that can be used",
    change: "up 20 % on the hour before",
  });
  const bytes: Tile = { ...tile, value: 214_521_535, unit: "bytes", previousAverage: null };
  expect(tileWords(bytes, { range: "1h" }, "utc")).toMatchObject({
    figure: "205",
    suffix: "MB",
    change: "nothing to compare yet",
  });
  expect(periodBefore({ from: new Date(0), to: new Date(1) })).toBe("the same time before");
});

test("a runway is whole days rounded down, and says its end; without one nothing is made up", () => {
  const runway: Tile = { ...tile, unit: "days", value: 97.56, note: "57 partitions" };
  expect(tileWords(runway, { range: "1h" }, "utc")).toEqual({
    figure: "97",
    suffix: "days",
    exact: "97.56 days",
    note: "until 28 Feb 2027",
    change: "57 partitions",
  });
  expect(tileWords({ ...runway, value: 0.97 }, { range: "1h" }, "utc").figure).toBe("0.9");
  expect(tileWords({ ...runway, value: -1 }, { range: "1h" }, "utc").note).toBe("no room left");
  expect(tileWords({ ...runway, value: null }, { range: "1h" }, "utc").figure).toBe("–");
});
