import { expect, test } from "vitest";
import { estimateFromRuns, type Took } from "./took.ts";

const took = (amount: number, seconds: number, more: Partial<Took> = {}): Took => ({
  ...{ kind: "validate", unit: "bytes", amount, seconds },
  ...more,
});

test("the time of runs of the kind, by what they read; a small one tells nothing of a large one", () => {
  const runs = [took(100, 1), took(300, 3), took(1, 9), took(400, 99, { kind: "build" })];
  expect(estimateFromRuns(runs, "validate", { unit: "bytes", amount: 1_000 })).toEqual({
    seconds: 10,
    from: "from 2 runs here",
  });
  expect(estimateFromRuns(runs.slice(0, 1), "validate", { unit: "bytes", amount: 50 })).toEqual({
    seconds: 0.5,
    from: "from 1 run here",
  });
});

test("unknown stays unknown: another kind, another unit, an amount that nobody knows, only small runs", () => {
  const runs = [took(100, 1)];
  expect(estimateFromRuns(runs, "move", { unit: "bytes", amount: 100 })).toBeNull();
  expect(estimateFromRuns(runs, "validate", { unit: "rows", amount: 100 })).toBeNull();
  expect(estimateFromRuns(runs, "validate", { unit: "bytes", amount: null })).toBeNull();
  expect(estimateFromRuns(runs, "validate", { unit: "bytes", amount: 100_000 })).toBeNull();
});
