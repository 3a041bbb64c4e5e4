import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Amount, addAmounts, amountsOf, figureOf, nothing, type RawSample } from "./amount.ts";
import { slotOf } from "./slots.ts";

const every = 10;

/** A day's worth of samples at most: growth, jitter of the moment in ms, whether the slot was sampled. */
const samplesOf = fc.array(
  fc.record({
    grown: fc.integer({ min: 0, max: 1_000_000 }),
    jitterMs: fc.integer({ min: 0, max: 9_000 }),
    taken: fc.boolean(),
    reset: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  }),
  { minLength: 2, maxLength: 200 },
);

function series(input: { grown: number; jitterMs: number; taken: boolean; reset: boolean }[]) {
  let value = 1_000;
  const samples: RawSample[] = [];
  let told = 0;
  let before: { index: number; value: number } | undefined;
  input.forEach(({ grown, jitterMs, taken, reset }, index) => {
    value = reset ? Math.min(grown, Math.floor(value / 2)) : value + grown;
    if (!taken) return;
    const slot = index * every * 1_000;
    samples.push({ slot, at: slot + jitterMs, countsSince: null, figures: [value] });
    if (before && before.index === index - 1 && value >= before.value) told += value - before.value;
    before = { index, value };
  });
  return { samples, told };
}

function bucketed(samples: RawSample[], step: number): Map<number, Amount> {
  const buckets = new Map<number, Amount>();
  samples.forEach((sample, index) => {
    const [amount = nothing] = amountsOf(["counter"], samples[index - 1], sample, every);
    const at = slotOf(sample.slot, step);
    buckets.set(at, addAmounts(buckets.get(at) ?? nothing, amount));
  });
  return buckets;
}

describe("rates", () => {
  test("rate × covered time over any step adds up to the growth between consecutive samples, and is never negative", () => {
    fc.assert(
      fc.property(samplesOf, fc.constantFrom(10, 20, 60, 300, 600, 3_600), (input, step) => {
        const { samples, told } = series(input);
        let sum = 0;
        for (const amount of bucketed(samples, step).values()) {
          const rate = figureOf(amount);
          expect(rate === null || rate >= 0).toBe(true);
          sum += (rate ?? 0) * amount.weight;
        }
        expect(sum).toBeCloseTo(told, 4);
      }),
    );
  });

  test("rolling up by way of minutes is the same as at once", () => {
    fc.assert(
      fc.property(samplesOf, (input) => {
        const { samples } = series(input);
        const hours = new Map<number, Amount>();
        for (const [at, amount] of bucketed(samples, 60)) {
          const hour = slotOf(at, 3_600);
          hours.set(hour, addAmounts(hours.get(hour) ?? nothing, amount));
        }
        for (const [at, direct] of bucketed(samples, 3_600)) {
          expect(hours.get(at)?.amount).toBeCloseTo(direct.amount, 4);
          expect(hours.get(at)?.weight).toBeCloseTo(direct.weight, 6);
        }
      }),
    );
  });

  test("a moved stats_reset is a gap even when the counter rose; becoming known is none", () => {
    const at = (slot: number, value: number, countsSince: number | null): RawSample => ({
      slot: slot * 10_000,
      at: slot * 10_000,
      countsSince,
      figures: [value],
    });
    const grown = (a: RawSample, b: RawSample) => figureOf(amountsOf(["counter"], a, b, every)[0]);
    expect(grown(at(0, 5, 1), at(1, 105, 2))).toBeNull();
    expect(grown(at(0, 5, null), at(1, 105, 2))).toBe(10);
    expect(grown(at(0, 5, 1), at(1, 105, 1))).toBe(10);
    expect(grown(at(0, 5, 1), at(2, 105, 1))).toBeNull();
  });

  test("gauges keep mean, least and most", () => {
    const values = [4, null, 10, 1];
    const sum = values
      .map((value, slot): RawSample => ({ slot, at: slot, countsSince: null, figures: [value] }))
      .reduce(
        (all, sample) => addAmounts(all, amountsOf(["gauge"], undefined, sample, every)[0] ?? nothing),
        nothing,
      );
    expect([figureOf(sum), sum.low, sum.high]).toEqual([5, 1, 10]);
  });
});
