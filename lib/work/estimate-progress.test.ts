import { expect, test } from "vitest";
import { estimateProgress, type ProgressFacts } from "./estimate-progress.ts";

const now = new Date("2026-11-27T10:00:00Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const running: ProgressFacts = {
  state: "running",
  done: 400,
  total: 1_000,
  unit: "keys",
  progressAt: now,
  claimedAt: ago(20),
  doneFrom: 0,
};
const estimate = (facts: Partial<ProgressFacts>) => estimateProgress({ ...running, ...facts }, now);

test("at the speed of the present claim the rest takes so long", () => {
  expect(estimate({})).toEqual({
    done: 400,
    total: 1_000,
    unit: "keys",
    share: 0.4,
    perSecond: 20,
    secondsLeft: 30,
    because: null,
    at: now,
  });
});

test("what earlier claims did is no speed of this one", () => {
  expect(estimate({ doneFrom: 380 })).toMatchObject({ share: 0.4, perSecond: 1, secondsLeft: 600 });
});

test("time since the last word counts against what is left, and never below nothing", () => {
  expect(estimate({ progressAt: ago(10), claimedAt: ago(30) })).toMatchObject({
    perSecond: 20,
    secondsLeft: 20,
  });
  expect(estimate({ done: 990, progressAt: ago(10), claimedAt: ago(30) })).toMatchObject({ secondsLeft: 0 });
});

test.each([
  ["no_total", { total: null }, 20],
  ["too_early", { claimedAt: ago(4) }, null],
  ["too_early", { done: 0 }, null],
  // 1 of 1,000 in 20 s: a speed, and nothing to foretell eleven hours by.
  ["too_early", { done: 1 }, 0.05],
  ["stalled", { progressAt: ago(61), claimedAt: ago(200) }, null],
  ["ended", { state: "failed" }, null],
] as const)("the time left is not known: %s %j", (because, facts, perSecond) => {
  expect(estimate(facts)).toMatchObject({ secondsLeft: null, because, perSecond });
});

test("after a minute a small share is enough", () => {
  expect(estimate({ done: 1, claimedAt: ago(60) })).toMatchObject({ because: null, secondsLeft: 59_940 });
});

test("a job that told nothing has no progress, and nothing of nothing no share", () => {
  expect(estimate({ done: null })).toBeNull();
  expect(estimate({ done: 0, total: 0 })).toMatchObject({ share: null });
});
