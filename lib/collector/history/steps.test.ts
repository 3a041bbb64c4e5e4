import fc from "fast-check";
import { expect, test } from "vitest";
import { spansOf } from "./object-spans.ts";
import { stepSeconds, tierOf } from "./steps.ts";

const now = Date.UTC(2026, 5, 15, 12, 0, 0);
const ending = (seconds: number, to = now) => ({ from: new Date(to - seconds * 1_000), to: new Date(to) });

test.each([
  ["15 minutes", 900, 10, "raw"],
  ["1 hour", 3_600, 20, "raw"],
  ["6 hours", 21_600, 120, "minute"],
  ["24 hours", 86_400, 300, "minute"],
  ["7 days", 604_800, 3_600, "hour"],
  ["30 days", 2_592_000, 10_800, "hour"],
  ["13 months", 34_214_400, 172_800, "hour"],
])("%s (%i s) are shown in steps of %i s from the %s samples", (_, seconds, step, tier) => {
  expect(stepSeconds(ending(seconds), 300, 10, now)).toBe(step);
  expect(tierOf(step)).toBe(tier);
});

test("a range never has more steps than asked for, and none finer than the samples or what is kept", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 * 86_400 }),
      fc.integer({ min: 0, max: 400 * 86_400_000 }),
      fc.integer({ min: 2, max: 1_000 }),
      fc.constantFrom(10, 60, 600),
      (seconds, agoMs, points, every) => {
        const range = ending(seconds, now - agoMs);
        const step = stepSeconds(range, points, every, now);
        const touched =
          Math.ceil(range.to.getTime() / 1_000 / step) - Math.floor(range.from.getTime() / 1_000 / step);
        expect(touched).toBeLessThanOrEqual(points);
        expect(step).toBeGreaterThanOrEqual(every);
        const ageDays = (now - range.from.getTime()) / 86_400_000;
        if (ageDays > 31.1) expect(step % 3_600).toBe(0);
        else if (ageDays > 2.1) expect(step % 60).toBe(0);
      },
    ),
  );
});

test("a window of objects is covered once, without overlap, by hours and raw edges", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 48 * 3_600 - 1 }),
      fc.integer({ min: 0, max: 30 * 3_600 }),
      (agoSeconds, rolledAgo) => {
        const range = ending(agoSeconds);
        const { hour, raw } = spansOf(
          range,
          new Date(Math.floor((now - rolledAgo * 1_000) / 3_600_000) * 3_600_000),
          now,
        );
        const spans = [hour, ...raw].filter(([a, b]) => a < b).toSorted(([a], [b]) => a - b);
        expect(spans[0]?.[0]).toBe(range.from.getTime());
        expect(spans.at(-1)?.[1]).toBe(range.to.getTime());
        for (let i = 1; i < spans.length; i++) expect(spans[i]?.[0]).toBe(spans[i - 1]?.[1]);
      },
    ),
  );
});
