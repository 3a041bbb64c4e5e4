import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { known, never, range, start, startHistory, type TestHistory } from "../../testing/history.ts";
import { writeTotals } from "../sampling/write-totals.ts";
import type { Point, TotalsSampler } from "../types.ts";
import { createHistory } from "./history.ts";

let stored: TestHistory;

beforeAll(async () => {
  stored = await startHistory();
});
afterAll(() => stored?.close());

function totalsSampler(name: string, everySeconds: 10 | 60 | 600 = 10): TotalsSampler {
  return {
    name,
    everySeconds,
    series: [
      { name: `${name}.level`, kind: "gauge", unit: "count" },
      { name: `${name}.work`, kind: "counter", unit: "ms" },
    ],
    sample: never,
  };
}

const area = (points: Point[] | undefined, step: number) =>
  known(points).reduce((sum, value) => sum + value * step, 0);

async function writeSeries(
  target: string,
  sampler: TotalsSampler,
  samples: { slot: number; level: number | null; work: number | null; countsSince?: Date | null }[],
): Promise<void> {
  for (const { slot, level, work, countsSince } of samples) {
    const at = start + slot * sampler.everySeconds * 1_000;
    await writeTotals(stored.sql, stored.catalogue, {
      target,
      sampler,
      slot: at,
      at,
      values: { [`${sampler.name}.level`]: level, [`${sampler.name}.work`]: work },
      countsSince: countsSince ?? null,
    });
  }
}

describe("totals", () => {
  test("read back at once: gauges as means, counters as rates, with since and freshness", async () => {
    const sampler = totalsSampler("fresh");
    await writeSeries("a", sampler, [
      { slot: 0, level: 4, work: 1_000 },
      { slot: 1, level: 6, work: 1_050 },
      { slot: 2, level: 8, work: 1_250 },
    ]);
    const history = createHistory(stored.sql, () => start + 30_000);
    const read = await history.totals("a", ["fresh.level", "fresh.work", "unheard.of"], range(start, 30));
    expect(read.stepSeconds).toBe(10);
    expect(read.series["fresh.level"]?.map((p) => p[1])).toEqual([4, 6, 8]);
    expect(read.series["fresh.work"]?.map((p) => p[1])).toEqual([5, 20, null]);
    expect(read.series["unheard.of"]?.map((p) => p[1])).toEqual([null, null, null]);
    expect(read.units).toEqual({ "fresh.level": "count", "fresh.work": "msPerSecond" });
    expect(read.collectingSince).toEqual(new Date(start));
    expect(read.observedAt).toEqual(new Date(start + 20_000));
  });

  test("a slot holds one sample, whoever comes first", async () => {
    const sampler = totalsSampler("twice");
    const write = (level: number) =>
      writeTotals(stored.sql, stored.catalogue, {
        target: "a",
        sampler,
        slot: start,
        at: start,
        values: { "twice.level": level },
        countsSince: null,
      });
    const both = await Promise.all([write(1), write(1)]);
    expect(both.toSorted()).toEqual([false, true]);
    expect(await write(99)).toBe(false);
    const read = await createHistory(stored.sql, () => start + 10_000).totals(
      "a",
      ["twice.level"],
      range(start, 10),
    );
    expect(read.series["twice.level"]).toEqual([[start, 1]]);
  });

  test("growth is what was counted: a first sample late in its slot claims nothing of the seconds before", async () => {
    const sampler = totalsSampler("late");
    for (const [slot, lateMs, work] of [
      [0, 7_000, 1_000],
      [1, 0, 1_300],
      [2, 0, 1_400],
    ] as const)
      await writeTotals(stored.sql, stored.catalogue, {
        ...{ target: "a", sampler, slot: start + slot * 10_000, at: start + slot * 10_000 + lateMs },
        values: { "late.level": 1, "late.work": work },
        countsSince: null,
      });
    const history = createHistory(stored.sql, () => start + 30_000);
    const asked = ["late.work", "unheard.of"];
    const { series } = await history.totals("a", asked, range(start, 30));
    // The rate is that of the three seconds that were seen.
    expect(series["late.work"]?.map((p) => p[1])).toEqual([100, 10, null]);
    expect(await history.growth("a", asked, range(start, 30))).toEqual({
      "late.work": 400,
      "unheard.of": null,
    });
    expect(await history.growth("a", ["late.work"], range(start + 10_000, 20))).toEqual({ "late.work": 100 });
  });

  test("resets and missing slots are gaps, never spikes", async () => {
    const sampler = totalsSampler("gappy");
    const reset = new Date(start + 40_000);
    await writeSeries("a", sampler, [
      { slot: 0, level: 1, work: 500, countsSince: new Date(0) },
      { slot: 1, level: 1, work: 600, countsSince: new Date(0) },
      { slot: 2, level: 1, work: 10, countsSince: new Date(0) },
      { slot: 3, level: 1, work: 20, countsSince: new Date(0) },
      { slot: 4, level: 1, work: 5_000, countsSince: reset },
      { slot: 6, level: 1, work: 5_100, countsSince: reset },
      { slot: 7, level: 1, work: null, countsSince: reset },
      { slot: 8, level: 1, work: 5_300, countsSince: reset },
      { slot: 9, level: 1, work: 5_400, countsSince: reset },
    ]);
    const read = await createHistory(stored.sql, () => start + 100_000).totals(
      "a",
      ["gappy.work", "gappy.level"],
      range(start, 100),
    );
    expect(read.series["gappy.work"]?.map((p) => p[1])).toEqual([
      10,
      null,
      1,
      null,
      null,
      null,
      null,
      null,
      10,
      null,
    ]);
    expect(read.series["gappy.level"]?.[5]?.[1]).toBeNull();
  });

  test("rate × time over any step equals the growth, before and after every roll-up", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 400, maxLength: 760 }),
        fc.integer({ min: 1, max: 400 }),
        async (growths, points) => {
          const sampler = totalsSampler(`sum${run++}`);
          let work = 7;
          const samples = growths.map((grown, slot) => {
            work += grown;
            return { slot, level: grown, work };
          });
          await writeSeries("sums", sampler, samples);
          const total = growths.slice(1).reduce((a, b) => a + b, 0);
          const seconds = growths.length * 10;
          for (const rolled of [false, true]) {
            if (rolled) await stored.rollUpAll(start + seconds * 1_000);
            const history = createHistory(stored.sql, () => start + seconds * 1_000);
            const read = await history.totals(
              "sums",
              [`${sampler.name}.work`],
              range(start, seconds),
              points,
            );
            const series = read.series[`${sampler.name}.work`] ?? [];
            expect(series.length).toBeLessThanOrEqual(Math.max(2, points));
            // What comes after the last sample is not known yet: weigh by what each step holds.
            const grown = series.reduce((sum, [at, rate]) => {
              const end = Math.min(at + read.stepSeconds * 1_000, start + (seconds - 10) * 1_000);
              return sum + (rate ?? 0) * (Math.max(0, end - at) / 1_000);
            }, 0);
            expect(grown).toBeCloseTo(total, 3);
            const counted = await history.growth(
              "sums",
              [`${sampler.name}.work`],
              range(start, seconds),
              points,
            );
            expect(counted[`${sampler.name}.work`]).toBeCloseTo(total, 3);
          }
        },
      ),
      { numRuns: 3 },
    );
  });

  test("roll-ups keep means, bounds and growth, whatever is rolled up when, and twice changes nothing", async () => {
    const sampler = totalsSampler("rolled");
    const samples = Array.from({ length: 6 * 150 }, (_, slot) => ({
      slot,
      level: slot % 6,
      work: slot * 20,
    }));
    await writeSeries("r", sampler, samples.slice(0, 500));
    await stored.rollUpAll(start + 5_000_000);
    await writeSeries("r", sampler, samples.slice(500));
    const end = start + 9_000_000;
    await stored.rollUpAll(end + 120_000);
    const rows = () => stored.sql`
      select h.slot, amounts, weights, lows, highs from history.total_hour h
      join history.target t on t.id = target_id and t.name = 'r' order by slot`;
    const once = await rows();
    expect(once.map((row) => [row.amounts, row.weights, row.lows, row.highs])).toEqual([
      [[900, 7_200], [360, 3_600], [0], [5]],
      [[900, 7_200], [360, 3_600], [0], [5]],
    ]);
    await stored.sql`
      update history.collecting set minute_until = null, hour_until = null
      where target_id = (select id from history.target where name = 'r')`;
    await stored.rollUpAll(end + 120_000);
    expect(await rows()).toEqual(once);
    const read = await createHistory(stored.sql, () => end).totals(
      "r",
      ["rolled.work", "rolled.level"],
      range(start, 9_000),
      3,
    );
    expect(read.stepSeconds).toBe(3_600);
    expect(read.series["rolled.work"]?.map((p) => p[1])).toEqual([2, 2, 2]);
    expect(read.series["rolled.level"]?.map((p) => p[1])).toEqual([2.5, 2.5, 2.5]);
  });

  test("a slower series holds its value between its samples", async () => {
    const slow = totalsSampler("slow", 60);
    await writeSeries(
      "a",
      totalsSampler("quick"),
      Array.from({ length: 12 }, (_, slot) => ({ slot, level: slot, work: slot })),
    );
    await writeSeries("a", slow, [
      { slot: 0, level: 5, work: 0 },
      { slot: 1, level: 7, work: 600 },
    ]);
    const read = await createHistory(stored.sql, () => start + 120_000).totals(
      "a",
      ["quick.level", "slow.level", "slow.work"],
      range(start, 120),
    );
    expect(read.stepSeconds).toBe(10);
    expect(known(read.series["slow.level"])).toEqual([5, 5, 5, 5, 5, 5, 7, 7, 7, 7, 7, 7]);
    expect(area(read.series["slow.work"], 10)).toBe(600);
  });
});
