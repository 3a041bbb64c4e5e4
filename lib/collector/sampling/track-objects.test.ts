import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ObjectSample, type ObjectSampler, othersKey } from "../types.ts";
import { createObjectTracker } from "./track-objects.ts";

const counters: Pick<ObjectSampler, "everySeconds" | "metrics" | "rankBy" | "complete"> = {
  everySeconds: 60,
  rankBy: "work",
  complete: true,
  metrics: [{ name: "work", kind: "counter", unit: "ms" }],
};
const gauges: typeof counters = {
  ...counters,
  rankBy: "size",
  metrics: [
    { name: "size", kind: "gauge", unit: "bytes" },
    { name: "work", kind: "counter", unit: "ms" },
  ],
};
const start = Date.UTC(2026, 0, 10);

function feed(
  tracker: ReturnType<typeof createObjectTracker>,
  minute: number,
  objects: Record<string, Record<string, number | null>>,
  countsSince: Record<string, Date> = {},
) {
  const samples: ObjectSample[] = Object.entries(objects).map(([key, values]) => ({
    key,
    values,
    countsSince: countsSince[key] ?? null,
  }));
  const { batch, commit } = tracker.next(start + minute * 60_000, start + minute * 60_000, samples);
  commit();
  return { ...batch, told: Object.fromEntries(batch.rows.map(({ key, figures }) => [key, figures])) };
}

describe("growth of objects", () => {
  test("the first sample only starts the counting", () => {
    const batch = feed(createObjectTracker(counters), 0, { a: { work: 500 } });
    expect(batch).toMatchObject({ coveredSeconds: null, keyframe: true, told: {} });
  });

  test("kept and other objects together always grow by what was counted", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 8, maxLength: 8 }), {
          minLength: 1,
          maxLength: 20,
        }),
        fc.integer({ min: 1, max: 10 }),
        (growths, keep) => {
          const tracker = createObjectTracker(counters, keep);
          const counted = new Array<number>(8).fill(100);
          const sample = () => Object.fromEntries(counted.map((work, i) => [`k${i}`, { work }]));
          feed(tracker, 0, sample());
          growths.forEach((grown, minute) => {
            grown.forEach((value, i) => {
              counted[i] = (counted[i] ?? 0) + value;
            });
            const { rows, coveredSeconds } = feed(tracker, minute + 1, sample());
            const told = rows.reduce((sum, row) => sum + (row.figures[0] ?? 0), 0);
            expect(told).toBe(grown.reduce((a, b) => a + b, 0));
            expect(coveredSeconds).toBe(60);
            expect(rows.filter((row) => row.key !== othersKey).length).toBeLessThanOrEqual(keep);
          });
        },
      ),
    );
  });

  test("a counter that falls, or whose age moved, is a gap and the next growth counts from there", () => {
    const tracker = createObjectTracker(counters);
    const others = { x: { work: 1 }, y: { work: 1 }, z: { work: 1 } };
    feed(tracker, 0, { ...others, a: { work: 500 }, b: { work: 5 } }, { b: new Date(0) });
    feed(tracker, 1, { ...others, a: { work: 510 }, b: { work: 10 } }, { b: new Date(0) });
    const reset = feed(tracker, 2, { ...others, a: { work: 3 }, b: { work: 900 } }, { b: new Date(start) });
    expect(reset.told).toEqual({ a: [null], b: [null] });
    expect(reset.coveredSeconds).toBe(60);
    expect(
      feed(tracker, 3, { ...others, a: { work: 7 }, b: { work: 901 } }, { b: new Date(start) }).told,
    ).toEqual({
      a: [4],
      b: [1],
    });
  });

  test("when most objects began anew the whole slot is a gap", () => {
    const tracker = createObjectTracker(counters);
    feed(tracker, 0, { a: { work: 500 }, b: { work: 40 }, c: { work: 9 } });
    expect(feed(tracker, 1, { a: { work: 1 }, b: { work: 1 }, c: { work: 10 } }).coveredSeconds).toBeNull();
    expect(feed(tracker, 2, { a: { work: 2 }, b: { work: 1 }, c: { work: 10 } })).toMatchObject({
      coveredSeconds: 60,
      told: { a: [1] },
    });
  });

  test("what began anew at a known time since the sample before counts whole, and what came before it is lost", () => {
    const tracker = createObjectTracker(counters);
    const others = { x: { work: 10 }, y: { work: 10 }, z: { work: 10 } };
    const old = { a: new Date(0) };
    feed(tracker, 0, { ...others, a: { work: 500 } }, old);
    feed(tracker, 1, { ...others, a: { work: 530 } }, old);
    const halfway = new Date(start + 90_000);
    const reset = feed(tracker, 2, { ...others, a: { work: 10 }, x: { work: 45 } }, { a: halfway });
    expect(reset.told).toEqual({ x: [35], a: [10] });
    // a grew by 30 a minute: 15 of them in the half before it began anew, of 60 in all.
    expect(reset).toMatchObject({ coveredSeconds: 60, lostShare: 0.25 });
  });

  test("objects that went took along what they grew by in the interval before, at most", () => {
    const tracker = createObjectTracker(counters);
    feed(tracker, 0, { a: { work: 0 }, b: { work: 0 }, c: { work: 1 } });
    expect(feed(tracker, 1, { a: { work: 30 }, b: { work: 10 }, c: { work: 1 } }).lostShare).toBeNull();
    expect(feed(tracker, 2, { a: { work: 60 }, c: { work: 1 } })).toMatchObject({
      coveredSeconds: 60,
      lostShare: 0.25,
    });
    expect(feed(tracker, 3, { a: { work: 90 }, b: { work: 5 }, c: { work: 1 } })).toMatchObject({
      told: { a: [30], b: [5] },
      lostShare: null,
    });
    const partial = createObjectTracker({ ...counters, complete: false });
    feed(partial, 0, { a: { work: 0 }, b: { work: 0 } });
    feed(partial, 1, { a: { work: 30 }, b: { work: 10 } });
    expect(feed(partial, 2, { a: { work: 60 } }).lostShare).toBeNull();
  });

  test("of a view that was reset since the sample before, everything is growth since; another server's is a gap", () => {
    const sample = (viewSince: number) => (work: number[]) =>
      work.map((value, i) => ({ key: `k${i}`, values: { work: value }, viewSince: new Date(viewSince) }));
    for (const [since, covered, told] of [
      [start + 75_000, 45, [7, 400]],
      [start - 3_600_000, null, []],
    ] as const) {
      const tracker = createObjectTracker(counters);
      for (const [minute, samples] of [sample(0)([5, 90]), sample(0)([6, 100])].entries())
        tracker.next(start + minute * 60_000, start + minute * 60_000, samples).commit();
      const { batch } = tracker.next(start + 120_000, start + 120_000, sample(since)([7, 400]));
      expect(batch.coveredSeconds).toBe(covered);
      expect(
        batch.rows.flatMap(({ figures }) => figures.filter((value) => value !== null)).toSorted(),
      ).toEqual(told.toSorted());
    }
  });

  test("a new object counts whole only when it must have begun since the sample before", () => {
    const complete = createObjectTracker(counters);
    feed(complete, 0, { a: { work: 1 } });
    expect(feed(complete, 1, { a: { work: 1 }, b: { work: 30 } }).told).toEqual({ b: [30] });
    const partial = createObjectTracker({ ...counters, complete: false });
    feed(partial, 0, { a: { work: 1 } });
    const older = { b: new Date(start - 1) };
    const newer = { c: new Date(start + 1) };
    expect(
      feed(
        partial,
        1,
        { a: { work: 1 }, b: { work: 30 }, c: { work: 8 }, d: { work: 4 } },
        { ...older, ...newer },
      ).told,
    ).toEqual({ c: [8] });
  });

  test("a sample that was not stored is covered by the next one", () => {
    const tracker = createObjectTracker(counters);
    feed(tracker, 0, { a: { work: 0 } });
    tracker.next(start + 60_000, start + 60_000, [{ key: "a", values: { work: 50 } }]);
    expect(feed(tracker, 2, { a: { work: 70 } })).toMatchObject({ coveredSeconds: 120, told: { a: [70] } });
  });

  test("after a long pause the counting starts anew", () => {
    const tracker = createObjectTracker(counters);
    feed(tracker, 0, { a: { work: 0 } });
    expect(feed(tracker, 30, { a: { work: 70 } })).toMatchObject({ coveredSeconds: null, told: {} });
  });
});

describe("gauges of objects", () => {
  test("are told on change, whole every hour, and taken back when an object is no longer kept", () => {
    const tracker = createObjectTracker(gauges, 1);
    const at = (minute: number, a: number, b: number) =>
      feed(tracker, minute, { a: { size: a, work: 0 }, b: { size: b, work: 0 } }).told;
    expect(at(0, 10, 5)).toEqual({ a: [10, null], others: [5, null] });
    expect(at(1, 10, 5)).toEqual({});
    expect(at(2, 11, 5)).toEqual({ a: [11, 0] });
    expect(at(3, 11, 20)).toEqual({ b: [20, 0], others: [11, 0], a: [null, null] });
    expect(at(60, 11, 20)).toEqual({ b: [20, null], others: [11, null] });
  });
});
