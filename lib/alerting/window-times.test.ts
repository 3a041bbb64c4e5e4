import { expect, test } from "vitest";
import { nextOccurrences, occurrenceAt } from "./window-times.ts";

const at = (text: string) => new Date(text);
/** An hour in Berlin, where 02:30 is left out on 29 March 2026 (an hour later then) and comes twice on 25 October. */
const nightly = { cron: "30 2 * * *", timeZone: "Europe/Berlin", minutes: 60 };

test("a recurring window is open from each slot for its minutes, its end not in it", () => {
  const winter = { from: at("2026-01-10T01:30:00Z"), to: at("2026-01-10T02:30:00Z") };
  expect(occurrenceAt(nightly, at("2026-01-10T01:29:59Z"))).toBeNull();
  expect(occurrenceAt(nightly, winter.from)).toEqual(winter);
  expect(occurrenceAt(nightly, at("2026-01-10T02:29:59Z"))).toEqual(winter);
  expect(occurrenceAt(nightly, winter.to)).toBeNull();
});

test("it keeps its wall-clock time over both changes of the clocks, once a night, and lasts its minutes", () => {
  const spring = nextOccurrences(nightly, at("2026-03-28T00:00:00Z"), 3);
  expect(spring.map(({ from }) => from.toISOString())).toEqual([
    "2026-03-28T01:30:00.000Z",
    "2026-03-29T01:30:00.000Z",
    "2026-03-30T00:30:00.000Z",
  ]);
  const autumn = nextOccurrences(nightly, at("2026-10-24T00:00:00Z"), 3);
  expect(autumn.map(({ from }) => from.toISOString())).toEqual([
    "2026-10-24T00:30:00.000Z",
    "2026-10-25T00:30:00.000Z",
    "2026-10-26T01:30:00.000Z",
  ]);
  for (const { from, to } of [...spring, ...autumn]) {
    expect(to.getTime() - from.getTime()).toBe(3_600_000);
    expect(occurrenceAt(nightly, from)).toEqual({ from, to });
    expect(occurrenceAt(nightly, to)).toBeNull();
  }
});

test("one that is once has one occurrence", () => {
  const once = { startsAt: at("2026-01-10T10:00:00Z"), endsAt: at("2026-01-10T12:00:00Z") };
  const occurrence = { from: once.startsAt, to: once.endsAt };
  expect(nextOccurrences(once, at("2026-01-10T09:00:00Z"), 5)).toEqual([occurrence]);
  expect(occurrenceAt(once, at("2026-01-10T11:59:59Z"))).toEqual(occurrence);
  expect(occurrenceAt(once, once.endsAt)).toBeNull();
  expect(nextOccurrences(once, at("2026-01-10T10:00:00Z"), 5)).toEqual([]);
});
