import { expect, test } from "vitest";
import { memoryInUse } from "../../testing/memory-in-use.ts";
import { createDurationRecorder } from "./duration-windows.ts";

test("each window holds what is of it and forgets the rest", () => {
  let now = Date.UTC(2026, 0, 1);
  const durations = createDurationRecorder(() => now);
  expect(durations.read()).toEqual({ minute: null, fiveMinutes: null, hour: null });
  durations.record(10);
  now += 2 * 60_000;
  for (let i = 0; i < 98; i++) durations.record(1);
  durations.record(50);
  const { minute, fiveMinutes, hour } = durations.read();
  expect(minute).toMatchObject({ count: 99 });
  expect(minute?.p50).toBeCloseTo(1, 1);
  expect(minute?.max).toBeCloseTo(50, 0);
  expect([fiveMinutes?.count, hour?.count]).toEqual([100, 100]);
  now += 4 * 60_000;
  expect(durations.read()).toMatchObject({ minute: null, fiveMinutes: { count: 99 }, hour: { count: 100 } });
  now += 60 * 60_000;
  expect(durations.read()).toEqual({ minute: null, fiveMinutes: null, hour: null });
});

test("a million durations over a day take no more memory than the first thousand", () => {
  let now = Date.UTC(2026, 0, 1);
  const durations = createDurationRecorder(() => now);
  const record = (count: number) => {
    for (let i = 0; i < count; i++) {
      now += 86;
      durations.record((i * 7) % 1_000);
    }
  };
  record(1_000);
  const before = memoryInUse();
  record(1_000_000);
  const after = memoryInUse();
  // Histograms live outside the heap.
  expect(after.external - before.external).toBeLessThan(1_000_000);
  expect(after.heap - before.heap).toBeLessThan(1_000_000);
  expect(durations.read().hour?.count).toBeLessThanOrEqual(3_600_000 / 86 + 1);
});

test("what lies beyond the range is counted at its ends", () => {
  const durations = createDurationRecorder();
  durations.record(0);
  durations.record(10 ** 9);
  expect(durations.read().minute).toMatchObject({ count: 2 });
});
