import { type CounterSample, coveredSeconds, growth } from "./growth.ts";

/**
 * What a step of time knows of one series; amount ÷ weight is the figure.
 * Gauge: sum of samples ÷ number of samples. Counter: growth ÷ seconds it was seen to grow in.
 * Amounts of adjoining steps can be added, so every roll-up and every chart is made of them.
 */
export interface Amount {
  amount: number;
  weight: number;
  low: number | null;
  high: number | null;
}

export const nothing: Readonly<Amount> = { amount: 0, weight: 0, low: null, high: null };

export function addAmounts(a: Amount, b: Amount): Amount {
  return {
    amount: a.amount + b.amount,
    weight: a.weight + b.weight,
    low: least(a.low, b.low),
    high: most(a.high, b.high),
  };
}

/** The figure of a step: mean of a gauge, rate per second of a counter, null when nothing was seen. */
export function figureOf(amount: Amount | undefined): number | null {
  return amount && amount.weight > 0 ? amount.amount / amount.weight : null;
}

/** One raw sample of several series, in the order of `kinds`. */
export interface RawSample extends CounterSample {
  figures: readonly (number | null)[];
}

/** What one raw sample adds, given the sample before it (needed for counters only). */
export function amountsOf(
  kinds: readonly ("gauge" | "counter")[],
  before: RawSample | undefined,
  sample: RawSample,
  everySeconds: number,
): Amount[] {
  const seconds = coveredSeconds(before, sample, everySeconds);
  return kinds.map((kind, index) => {
    const value = sample.figures[index] ?? null;
    if (kind === "gauge")
      return value === null ? nothing : { amount: value, weight: 1, low: value, high: value };
    const grown = seconds === null ? null : growth(before?.figures[index], value);
    return grown === null || seconds === null
      ? nothing
      : { amount: grown, weight: seconds, low: null, high: null };
  });
}

function least(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
}

function most(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.max(a, b);
}
