import { expect, test } from "vitest";
import type { Tile } from "@/lib/overview/types.ts";
import { samplesEnded, tileWords } from "./tile-words.ts";

const hour = { choice: "1h", seconds: 3_600 } as const;
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
  expect(tileWords(tile, hour, "utc")).toEqual({
    figure: "15",
    suffix: "",
    exact: "15",
    note: "now · of 77 that can be used",
    change: "mean +20 % vs previous hour",
  });
  const bytes: Tile = { ...tile, value: 214_521_535, unit: "bytes", previousAverage: null };
  expect(tileWords(bytes, hour, "utc")).toMatchObject({
    figure: "205",
    suffix: "MB",
    change: "nothing earlier to compare",
  });
});

test("a tile names the window its figure is of, a range somebody picked by its length", () => {
  const latency: Tile = { ...tile, id: "readLatency", unit: "ms", note: "per block read", average: 768 };
  expect(
    tileWords({ ...latency, previousAverage: 100 }, { choice: null, seconds: 600 }, "utc"),
  ).toMatchObject({
    note: "these 10 m · per block read",
    change: "mean +668 % vs previous 10 m",
  });
  expect(tileWords(latency, hour, "utc").note).toBe("last hour · per block read");
});

test("a figure of samples is old when three of them went missing; one that the page reads is not", () => {
  const commits: Tile = { ...tile, id: "commits" };
  const after = (seconds: number) => new Date(Date.parse("2026-11-23T10:00:00Z") + seconds * 1_000);
  expect(samplesEnded(commits, after(30))).toBe(false);
  expect(samplesEnded(commits, after(31))).toBe(true);
  expect(samplesEnded(tile, after(600))).toBe(false);
});

test("a runway is whole days rounded down, and says its end; without one nothing is made up", () => {
  const runway: Tile = { ...tile, unit: "days", value: 97.56, note: "57 partitions" };
  expect(tileWords(runway, hour, "utc")).toEqual({
    figure: "97",
    suffix: "days",
    exact: "97.56 days",
    note: "until 28 Feb 2027",
    change: "57 partitions",
  });
  expect(tileWords({ ...runway, value: 0.97 }, hour, "utc").figure).toBe("0.9");
  expect(tileWords({ ...runway, value: -1 }, hour, "utc").note).toBe("no room left");
  expect(tileWords({ ...runway, value: null }, hour, "utc").figure).toBe("–");
});
