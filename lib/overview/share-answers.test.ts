import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { shareAnswer } from "./share-answers.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("a hundred who ask at once cost one computation, and the next after two seconds another", async () => {
  const owner = {};
  let computed = 0;
  const ask = (key = "a") => shareAnswer(owner, key, async () => ++computed);
  expect(await Promise.all(Array.from({ length: 100 }, () => ask()))).toEqual(Array(100).fill(1));
  vi.advanceTimersByTime(1_999);
  expect(await ask()).toBe(1);
  expect(await ask("b")).toBe(2);
  vi.advanceTimersByTime(1);
  expect(await ask()).toBe(3);
  expect(await shareAnswer({}, "a", async () => ++computed)).toBe(4);
});

test("a failure reaches all who wait for it and is not kept", async () => {
  const owner = {};
  let tries = 0;
  const ask = () =>
    shareAnswer(owner, "a", async () => {
      tries += 1;
      if (tries === 1) throw new Error("first");
      return tries;
    });
  const both = await Promise.allSettled([ask(), ask()]);
  expect(both.map((r) => r.status)).toEqual(["rejected", "rejected"]);
  expect(await ask()).toBe(2);
});
