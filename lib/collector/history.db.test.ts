import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { type Catalogue, createCatalogue } from "./catalogue.ts";
import { createHistory } from "./history.ts";
import { createPartitions } from "./maintain-partitions.ts";
import { rollUp } from "./roll-up.ts";
import { createObjectTracker } from "./track-objects.ts";
import type { ObjectSampler, Point, TotalsSampler } from "./types.ts";
import { createObjectIds, writeLabels, writeObjects } from "./write-objects.ts";
import { writeTotals } from "./write-totals.ts";

const start = Date.UTC(2026, 0, 10, 0, 0, 0);
const never = () => Promise.reject(new Error("not sampled here"));
let database: TestDatabase;
let catalogue: Catalogue;

beforeAll(async () => {
  database = await createDatabase({ template: "console" });
  catalogue = createCatalogue(database.sql);
  for (let day = 0; day < 8; day++) await createPartitions(database.sql, new Date(start + day * 86_400_000));
});
afterAll(() => database.drop());

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

async function rollUpAll(now: number): Promise<void> {
  for (let run = 0; run < 200; run++) if (!(await rollUp(database.sql, new Date(now)))) return;
  throw new Error("the roll-up does not end");
}

const range = (from: number, seconds: number) => ({
  from: new Date(from),
  to: new Date(from + seconds * 1_000),
});
const known = (points: Point[] | undefined) =>
  (points ?? []).flatMap(([, value]) => (value === null ? [] : [value]));
const area = (points: Point[] | undefined, step: number) =>
  known(points).reduce((sum, value) => sum + value * step, 0);

async function writeSeries(
  target: string,
  sampler: TotalsSampler,
  samples: { slot: number; level: number | null; work: number | null; countsSince?: Date | null }[],
): Promise<void> {
  for (const { slot, level, work, countsSince } of samples) {
    const at = start + slot * sampler.everySeconds * 1_000;
    await writeTotals(database.sql, catalogue, {
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
    const history = createHistory(database.sql, () => start + 30_000);
    const read = await history.totals("a", ["fresh.level", "fresh.work", "unheard.of"], range(start, 30));
    expect(read.stepSeconds).toBe(10);
    expect(read.series["fresh.level"]?.map((p) => p[1])).toEqual([4, 6, 8]);
    expect(read.series["fresh.work"]?.map((p) => p[1])).toEqual([null, 5, 20]);
    expect(read.series["unheard.of"]?.map((p) => p[1])).toEqual([null, null, null]);
    expect(read.units).toEqual({ "fresh.level": "count", "fresh.work": "msPerSecond" });
    expect(read.collectingSince).toEqual(new Date(start));
    expect(read.observedAt).toEqual(new Date(start + 20_000));
  });

  test("a slot holds one sample, whoever comes first", async () => {
    const sampler = totalsSampler("twice");
    const write = (level: number) =>
      writeTotals(database.sql, catalogue, {
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
    const read = await createHistory(database.sql, () => start + 10_000).totals(
      "a",
      ["twice.level"],
      range(start, 10),
    );
    expect(read.series["twice.level"]).toEqual([[start, 1]]);
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
    const read = await createHistory(database.sql, () => start + 100_000).totals(
      "a",
      ["gappy.work", "gappy.level"],
      range(start, 100),
    );
    expect(read.series["gappy.work"]?.map((p) => p[1])).toEqual([
      null,
      10,
      null,
      1,
      null,
      null,
      null,
      null,
      null,
      10,
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
            if (rolled) await rollUpAll(start + seconds * 1_000);
            const history = createHistory(database.sql, () => start + seconds * 1_000);
            const read = await history.totals(
              "sums",
              [`${sampler.name}.work`],
              range(start, seconds),
              points,
            );
            const series = read.series[`${sampler.name}.work`] ?? [];
            expect(series.length).toBeLessThanOrEqual(Math.max(2, points));
            // The first sample starts the counting and the last step may be partly over: weigh by what each step holds.
            const grown = series.reduce((sum, [at, rate]) => {
              const first = Math.max(at, start + 10_000);
              const end = Math.min(at + read.stepSeconds * 1_000, start + seconds * 1_000);
              return sum + (rate ?? 0) * (Math.max(0, end - first) / 1_000);
            }, 0);
            expect(grown).toBeCloseTo(total, 3);
          }
        },
      ),
      { numRuns: 3 },
    );
  }, 60_000);

  test("roll-ups keep means, bounds and growth, whatever is rolled up when, and twice changes nothing", async () => {
    const sampler = totalsSampler("rolled");
    const samples = Array.from({ length: 6 * 150 }, (_, slot) => ({
      slot,
      level: slot % 6,
      work: slot * 20,
    }));
    await writeSeries("r", sampler, samples.slice(0, 500));
    await rollUpAll(start + 5_000_000);
    await writeSeries("r", sampler, samples.slice(500));
    const end = start + 9_000_000;
    await rollUpAll(end + 60_000);
    const rows = () => database.sql`
      select h.slot, amounts, weights, lows, highs from history.total_hour h
      join history.target t on t.id = target_id and t.name = 'r' order by slot`;
    const once = await rows();
    expect(once.map((row) => [row.amounts, row.weights, row.lows, row.highs])).toEqual([
      [[900, 7_180], [360, 3_590], [0], [5]],
      [[900, 7_200], [360, 3_600], [0], [5]],
    ]);
    await database.sql`
      update history.collecting set minute_until = null, hour_until = null
      where target_id = (select id from history.target where name = 'r')`;
    await rollUpAll(end + 60_000);
    expect(await rows()).toEqual(once);
    const read = await createHistory(database.sql, () => end).totals(
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
    const read = await createHistory(database.sql, () => start + 120_000).totals(
      "a",
      ["quick.level", "slow.level", "slow.work"],
      range(start, 120),
    );
    expect(read.stepSeconds).toBe(10);
    expect(known(read.series["slow.level"])).toEqual([5, 5, 5, 5, 5, 5, 7, 7, 7, 7, 7, 7]);
    expect(area(read.series["slow.work"], 10)).toBe(600);
  });
});

describe("objects", () => {
  const sampler: ObjectSampler = {
    name: "things",
    everySeconds: 60,
    rankBy: "work",
    complete: true,
    metrics: [
      { name: "work", kind: "counter", unit: "ms" },
      { name: "size", kind: "gauge", unit: "bytes" },
    ],
    sample: never,
  };

  async function writeMinutes(
    target: string,
    of: ObjectSampler,
    minutes: { key: string; work: number; size: number }[][],
  ) {
    const tracker = createObjectTracker(of, 2);
    const ids = createObjectIds();
    for (const [minute, samples] of minutes.entries()) {
      const slot = start + minute * 60_000;
      const { batch, commit } = tracker.next(
        slot,
        slot,
        samples.map(({ key, ...values }) => ({ key, values })),
      );
      await writeObjects(database.sql, catalogue, ids, target, of, batch);
      commit();
    }
    return ids;
  }

  test("the window's growth, others last, the window before, and gauges as last told", async () => {
    // a grows by 60 a minute, b by 6, c by 1, d not at all; two are kept.
    const minutes = Array.from({ length: 130 }, (_, minute) => [
      { key: "a", work: 1_000 + minute * 60, size: 100 },
      { key: "b", work: minute * 6, size: 50 + minute },
      { key: "c", work: minute, size: 7 },
      { key: "d", work: 77, size: 1 },
    ]);
    await writeMinutes("o", sampler, minutes);
    const now = start + 130 * 60_000;
    for (const rolled of [false, true]) {
      if (rolled) await rollUpAll(now);
      const history = createHistory(database.sql, () => now);
      const top = await history.topObjects("o", "things", range(now - 3_600_000, 3_600), {
        orderBy: "work",
        limit: 10,
        spark: "work",
      });
      expect(top.objects.map((o) => [o.key, o.values, o.previous])).toEqual([
        ["a", { work: 3_600, size: 100 }, { work: 3_600, size: 100 }],
        ["b", { work: 360, size: 179 }, { work: 360, size: 119 }],
        ["others", { work: 60, size: 8 }, { work: 60, size: 8 }],
      ]);
      expect(known(top.objects[0]?.spark)).toEqual(new Array(top.objects[0]?.spark.length).fill(1));
      const long = await history.topObjects("o", "things", range(now - 7_800_000, 7_800), {
        orderBy: "work",
        limit: 1,
      });
      expect(long.objects.map((o) => [o.key, o.values.work, o.previous])).toEqual([
        ["a", 129 * 60, null],
        ["others", 129, null],
      ]);
      const one = await history.object("o", "things", "b", ["work", "size"], range(start, 7_800), 2);
      expect(one.stepSeconds).toBe(7_200);
      expect(one.series.work?.map((p) => p[1])).toEqual([0.1, 0.1]);
      expect(one.series.size?.map((p) => p[1])).toEqual([169, 179]);
      expect(one.units).toEqual({ work: "msPerSecond", size: "bytes" });
    }
  });

  test("unchanged objects take no rows", async () => {
    const counters: ObjectSampler = {
      ...sampler,
      name: "still",
      metrics: [{ name: "work", kind: "counter", unit: "ms" }],
    };
    await writeMinutes(
      "o",
      counters,
      Array.from({ length: 30 }, (_, minute) => [{ key: "x", work: minute === 20 ? 0 : 1, size: 0 }]),
    );
    const rows = await database.sql`
      select r.slot, to_json(r.figures) as figures from history.object_raw r join history.object o on o.id = r.object_id
      where o.key = 'x' order by r.slot`;
    expect(rows.map((row) => [(row.slot - start) / 60_000, row.figures])).toEqual([
      [20, [null]],
      [21, [1]],
    ]);
  });

  test("labels are kept for good, the first one given", async () => {
    const ids = await writeMinutes("labelled", sampler, [
      [{ key: "q1", work: 1, size: 1 }],
      [{ key: "q1", work: 2, size: 1 }],
    ]);
    await writeLabels(database.sql, ids, { q1: { text: "select 1" }, unknown: { text: "lost" } });
    await writeLabels(database.sql, ids, { q1: { text: "select 2" } });
    const labels = await createHistory(database.sql).labels("labelled", "things", ["q1", "unknown"]);
    expect(labels).toEqual({
      q1: { key: "q1", label: { text: "select 1" }, firstSeen: new Date(start), lastSeen: new Date(start) },
    });
  });
});
