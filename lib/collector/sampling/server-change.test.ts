import { expect, test } from "vitest";
import { watchServerChange } from "./server-change.ts";

const minute = 60_000;
const day = 1_440 * minute;

/** Samples once a minute of whatever `seen` says answers then. */
function samples(known?: number) {
  let seen: { start: number | undefined; host: string | undefined } = { start: undefined, host: undefined };
  let now = 0;
  const change = watchServerChange({ seen: () => seen }, known, () => now);
  return async (at: number, start: number, host = "h:5432") => {
    now = at;
    const { moved } = await change.during(async () => {
      seen = { start, host };
    });
    return moved;
  };
}

test("a server that was restarted between two samples goes on counting, however long it was away", async () => {
  const sample = samples();
  expect(await sample(10 * day, day)).toBe(false);
  expect(await sample(10 * day + minute, day)).toBe(false);
  expect(await sample(10 * day + 30 * minute, 10 * day + 20 * minute)).toBe(false);
});

test("another host of the address is another server, also one that was started later", async () => {
  const sample = samples();
  expect(await sample(10 * day, day)).toBe(false);
  expect(await sample(10 * day + minute, 10 * day + 10_000, "other:5432")).toBe(true);
  expect(await sample(10 * day + 2 * minute, 10 * day + 10_000, "other:5432")).toBe(false);
});

test("at the same host, whoever ran while the other was still seen is another server", async () => {
  const sample = samples();
  expect(await sample(10 * day, day)).toBe(false);
  expect(await sample(10 * day + minute, 9 * day)).toBe(true);
  expect(await sample(10 * day + 2 * minute, 2 * day)).toBe(true);
});

test("of what an earlier leader saw only the start is known: an older server is another one", async () => {
  expect(await samples(5 * day)(10 * day, 4 * day)).toBe(true);
  expect(await samples(5 * day)(10 * day, 6 * day)).toBe(false);
  expect(await samples(5 * day)(10 * day, 5 * day)).toBe(false);
});
