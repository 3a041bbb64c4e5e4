import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createFairShare } from "./fair-share.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Tasks by name, ended by hand, in a share of `places`. */
function share(places: number | (() => number), lineLimit = 3) {
  const begun: string[] = [];
  const endings = new Map<string, () => void>();
  const fair = createFairShare({
    things: "searches",
    places: typeof places === "number" ? () => places : places,
    lineLimit,
    patienceMs: 30_000,
  });
  const ask = (name: string) => {
    const asked = fair.run(name.charAt(0), async () => {
      begun.push(name);
      await new Promise<void>((resolve) => endings.set(name, resolve));
      return name;
    });
    asked.catch(() => {});
    return asked;
  };
  const end = async (name: string) => {
    endings.get(name)?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { ask, end, begun };
}

test("one person has half the places; another is answered meanwhile", async () => {
  const { ask, end, begun } = share(4);
  for (const name of ["a1", "a2", "a3", "a4"]) ask(name);
  const other = ask("b1");
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(["a1", "a2", "b1"]);
  await end("b1");
  expect(await other).toBe("b1");
  await end("a1");
  expect(begun.slice(3)).toEqual(["a3"]);
});

test("places go round among those who wait, not to who asked first", async () => {
  const { ask, end, begun } = share(1);
  for (const name of ["a1", "a2", "a3", "b1", "b2", "c1"]) ask(name);
  await vi.advanceTimersByTimeAsync(0);
  for (let i = 0; i < 6; i++) await end(begun[i] ?? "");
  expect(begun).toEqual(["a1", "a2", "b1", "c1", "a3", "b2"]);
});

test("a full line is refused with what to do, one that waits too long is told so, and both leave no trace", async () => {
  const { ask, end, begun } = share(1, 2);
  const [first, second, third] = [ask("a1"), ask("a2"), ask("a3")];
  await vi.advanceTimersByTimeAsync(0);
  await expect(ask("a4")).rejects.toMatchObject({
    code: "RATE_LIMITED",
    message: "1 of your searches run and 2 wait already.",
    hint: expect.stringContaining("narrow"),
    retryAfterSeconds: 30,
  });
  await vi.advanceTimersByTimeAsync(30_000);
  for (const late of [second, third]) await expect(late).rejects.toMatchObject({ code: "OVERLOADED" });
  const next = ask("b1");
  await end("a1");
  expect(await first).toBe("a1");
  await end("b1");
  expect(await next).toBe("b1");
  expect(begun).toEqual(["a1", "b1"]);
});

test("a place that something else takes is not given away, and a task that fails frees its own", async () => {
  let places = 3;
  const { ask, end, begun } = share(() => places);
  for (const name of ["a1", "b1", "c1", "c2"]) ask(name);
  await vi.advanceTimersByTimeAsync(0);
  places = 1;
  await end("a1");
  expect(begun).toEqual(["a1", "b1", "c1"]);
  const fair = createFairShare({ things: "searches", places: () => 1, lineLimit: 1, patienceMs: 1_000 });
  await expect(fair.run("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await fair.run("a", async () => "yes")).toBe("yes");
});
