import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Point, SeriesHistory } from "@/lib/collector/types.ts";
import { timeTicks, valueAxis, valueTicks } from "./axis.ts";
import { seriesColour, seriesColours } from "./series-colour.ts";
import { largestFirst, latest, nearestRow, thin, timeRows } from "./time-rows.ts";

function history(series: Record<string, Point[]>, stepSeconds = 10): SeriesHistory {
  return { series, units: {}, stepSeconds, collectingSince: null, observedAt: null };
}

describe("timeRows", () => {
  it("keeps a gap a gap: a missing step and a null both break the line", () => {
    const { rows } = timeRows(
      history({
        a: [
          [0, 1],
          [10_000, null],
          [20_000, 3],
          [90_000, 4],
        ],
      }),
      ["a"],
      "count",
    );
    expect(rows.map((row) => [row.t, row.v[0]])).toEqual([
      [0, 1],
      [10_000, null],
      [20_000, 3],
      [30_000, null],
      [90_000, 4],
    ]);
  });

  it("draws six series and adds the rest up as others, gaps staying gaps", () => {
    const series = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [`s${i}`, [[0, i + 1] as Point, [10_000, null] as Point]]),
    );
    const { names, rows, leftOut } = timeRows(history(series), Object.keys(series), "count");
    expect(names).toEqual(["s0", "s1", "s2", "s3", "s4", "s5", "others"]);
    expect(rows[0]?.v.at(-1)).toBe(7 + 8 + 9);
    expect(rows[1]?.v.at(-1)).toBeNull();
    expect(leftOut).toBe(0);
  });

  it("does not add up what cannot be added", () => {
    const series = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`s${i}`, [[0, 0.5] as Point]]));
    const prepared = timeRows(history(series), Object.keys(series), "ratio");
    expect(prepared.names).toHaveLength(6);
    expect(prepared.leftOut).toBe(2);
  });

  it("ranks by total", () => {
    expect(largestFirst(history({ small: [[0, 1]], large: [[0, 5]], none: [[0, null]] }))).toEqual([
      "large",
      "small",
      "none",
    ]);
  });
});

describe("thin", () => {
  it("never draws more than its limit and never loses the highest or lowest value", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 400 }),
        (values) => {
          const rows = values.map((value, i) => ({ t: i, v: [value] }));
          const thinned = thin(rows, 50);
          expect(thinned.length).toBeLessThanOrEqual(50);
          const mean = values.reduce((a, b) => a + b, 0) / values.length;
          const farthest = Math.max(...values.map((value) => Math.abs(value - mean)));
          const kept = Math.max(...thinned.map((row) => Math.abs((row.v[0] ?? mean) - mean)));
          expect(kept).toBeCloseTo(farthest);
        },
      ),
    );
  });
});

describe("reading off a chart", () => {
  const rows = [0, 10, 20, 30].map((t) => ({ t, v: [t === 30 ? null : t] }));
  it("finds the nearest step, and none when none is near", () => {
    expect(nearestRow(rows, 14, 10)?.t).toBe(10);
    expect(nearestRow(rows, 16, 10)?.t).toBe(20);
    expect(nearestRow(rows, 100, 10)).toBeNull();
    expect(nearestRow([], 5, 10)).toBeNull();
  });
  it("knows the last value that was known", () => {
    expect(latest(rows, 0)).toBe(20);
    expect(latest([], 0)).toBeNull();
  });
});

describe("axes", () => {
  it("begins at zero and reaches the figures", () => {
    expect(valueTicks(0, 87, "count")).toEqual([0, 25, 50, 75, 100]);
    expect(valueTicks(0, 3, "count")).toEqual([0, 1, 2, 3]);
    expect(valueTicks(0, 3 * 1_024 ** 3, "bytes").every((tick) => tick % 1_024 ** 2 === 0)).toBe(true);
  });
  it("reaches up to a near limit, not to a far one unless told to", () => {
    const rows = [{ t: 0, v: [20] }];
    expect(valueAxis(rows, "count", false, [{ value: 40, label: "" }]).at(-1)).toBeGreaterThanOrEqual(40);
    expect(valueAxis(rows, "count", false, [{ value: 500, label: "" }]).at(-1)).toBeLessThan(100);
    expect(
      valueAxis(rows, "count", false, [{ value: 500, label: "", always: true }]).at(-1),
    ).toBeGreaterThanOrEqual(500);
  });
  it("looks closer at ratios that stay high and never past 100 %", () => {
    const axis = valueAxis([{ t: 0, v: [0.991] }], "ratio", false, []);
    expect(axis[0]).toBeCloseTo(0.99);
    expect(axis.at(-1)).toBeCloseTo(1);
  });
  it("has a scale for an all-zero chart", () => {
    expect(valueAxis([{ t: 0, v: [0] }], "perSecond", false, [])).toEqual([0, 1]);
  });
  it("ticks time at round moments, no denser than asked", () => {
    const from = Date.parse("2026-11-23T09:07:13Z");
    const ticks = timeTicks(from, from + 3_600_000, 600, "utc");
    expect(ticks.length).toBeLessThanOrEqual(8);
    expect(ticks.every((t) => t % (5 * 60_000) === 0)).toBe(true);
  });
});

describe("series colours", () => {
  it("gives one name one colour however it is written", () => {
    expect(seriesColour("connections.idle_in_transaction")).toBe(seriesColour("idle in transaction"));
    expect(seriesColour("idleInTransaction")).toBe(seriesColour("idle in transaction"));
  });
  it("takes any name for a name", () => {
    expect(seriesColour("constructor")).toMatch(/^var\(--series-[1-7]\)$/);
    expect(Object.keys(seriesColours(["__proto__", "constructor"]))).toEqual(["__proto__", "constructor"]);
  });
  it("has no two alike in a chart of up to eight", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 8 }), (names) => {
        expect(new Set(Object.values(seriesColours(names))).size).toBe(new Set(names).size);
      }),
    );
  });
});
