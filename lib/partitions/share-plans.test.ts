import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createSharedPlans } from "./share-plans.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

test("a plan is made once for all who ask while it is made, and for ten seconds after", async () => {
  const { share } = createSharedPlans();
  const { promise, resolve } = Promise.withResolvers<string>();
  const make = vi.fn(() => promise);
  const asked = [share("a", "plan", make), share("a", "plan", make)];
  vi.advanceTimersByTime(60_000);
  asked.push(share("a", "plan", make));
  resolve("made");
  expect(await Promise.all(asked)).toEqual(["made", "made", "made"]);
  expect(make).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(9_000);
  await share("a", "plan", make);
  expect(make).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(2_000);
  await share("a", "plan", make);
  expect(make).toHaveBeenCalledTimes(2);
});

test("a failure is told to all who wait, and not kept", async () => {
  const { share } = createSharedPlans();
  const failing = vi.fn(() => Promise.reject(new Error("no")));
  const both = await Promise.allSettled([share("a", "plan", failing), share("a", "plan", failing)]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(failing).toHaveBeenCalledTimes(1);
  expect(await share("a", "plan", async () => "made")).toBe("made");
});

test("of one target one at a time, some wait, and who comes then is told to come again; another target's do not wait", async () => {
  const { share } = createSharedPlans();
  const { promise, resolve } = Promise.withResolvers<void>();
  const order: string[] = [];
  const make = (name: string) => async () => {
    order.push(`begins ${name}`);
    if (name === "1") await promise;
    order.push(`ends ${name}`);
  };
  const asked = ["1", "2", "3", "4"].map((name) => share("a", name, make(name)));
  await expect(share("a", "5", make("5"))).rejects.toMatchObject({ code: "OVERLOADED" });
  await share("b", "other", make("other"));
  expect(order).toEqual(["begins 1", "begins other", "ends other"]);
  resolve();
  await Promise.all(asked);
  expect(order.slice(3)).toEqual(["ends 1", ...["2", "3", "4"].flatMap((n) => [`begins ${n}`, `ends ${n}`])]);
  await share("a", "5", make("5"));
  expect(order.at(-1)).toBe("ends 5");
});
