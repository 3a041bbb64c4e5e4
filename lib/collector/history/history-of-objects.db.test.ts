import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { known, never, range, start, startHistory, type TestHistory } from "../../testing/history.ts";
import { createObjectTracker } from "../sampling/track-objects.ts";
import { createObjectIds, writeLabels, writeObjects } from "../sampling/write-objects.ts";
import type { ObjectSampler } from "../types.ts";
import { createHistory } from "./history.ts";

let stored: TestHistory;

beforeAll(async () => {
  stored = await startHistory();
});
afterAll(() => stored?.close());

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
      await writeObjects(stored.sql, stored.catalogue, ids, target, of, batch);
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
      if (rolled) await stored.rollUpAll(now);
      const history = createHistory(stored.sql, () => now);
      const top = await history.topObjects("o", "things", range(now - 3_600_000, 3_600), {
        orderBy: "work",
        limit: 10,
        spark: "work",
      });
      expect(top.objects.map((o) => [o.key, o.values, o.previous])).toEqual([
        ["a", { work: 3_540, size: 100 }, { work: 3_540, size: 100 }],
        ["b", { work: 354, size: 179 }, { work: 354, size: 119 }],
        ["others", { work: 59, size: 8 }, { work: 59, size: 8 }],
      ]);
      // The last sample is a minute old: the window ends with it, and the one before is as long.
      expect(top.sampled).toEqual({
        from: new Date(now - 3_600_000),
        to: new Date(now - 60_000),
        missingShare: 0,
      });
      expect(top.totals).toEqual({ work: 59 * 67 });
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
    const rows = await stored.sql`
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
    await writeLabels(stored.sql, ids, { q1: { text: "select 1" }, unknown: { text: "lost" } });
    await writeLabels(stored.sql, ids, { q1: { text: "select 2" } });
    const labels = await createHistory(stored.sql).labels("labelled", "things", ["q1", "unknown"]);
    expect(labels).toEqual({
      q1: { key: "q1", label: { text: "select 1" }, firstSeen: new Date(start), lastSeen: new Date(start) },
    });
  });
});
