import fc from "fast-check";
import { expect, test } from "vitest";
import type { Point } from "../collector/types.ts";
import { estimateGrowth } from "./growth.ts";

const start = Date.UTC(2026, 4, 1);
const everyTenMinutes = (sizes: (number | null)[]): Point[] =>
  sizes.map((size, index) => [start + index * 600_000, size]);

test("too little history gives no slope", () => {
  expect(estimateGrowth([]).bytesPerDay).toBeNull();
  expect(estimateGrowth(everyTenMinutes([1, 2, 3, 4, 5])).bytesPerDay).toBeNull();
  expect(estimateGrowth(everyTenMinutes([1, 2, 3, 4, 5, 6])).bytesPerDay).toBeNull();
});

test("an exact line comes back, gaps left out", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 44 }),
      fc.integer({ min: -(2 ** 30), max: 2 ** 30 }),
      fc.array(fc.boolean(), { minLength: 7, maxLength: 200 }),
      (base, bytesPerStep, gaps) => {
        const sizes = gaps.map((gap, i) => (gap && i % 2 === 1 ? null : base + i * bytesPerStep));
        const growth = estimateGrowth(everyTenMinutes(sizes));
        const measured = sizes.filter((size) => size !== null).length;
        expect(growth.bytesPerDay === null).toBe(measured < 6 || growth.spanSeconds < 3_600);
        const off = Math.abs((growth.bytesPerDay ?? bytesPerStep * 144) - bytesPerStep * 144);
        expect(off).toBeLessThanOrEqual(Math.max(1, Math.abs(bytesPerStep) * 1e-6));
      },
    ),
  );
});

test("a shrinking database has a negative slope", () => {
  expect(estimateGrowth(everyTenMinutes([70, 60, 50, 40, 30, 20, 10])).bytesPerDay).toBeCloseTo(-1_440);
});
