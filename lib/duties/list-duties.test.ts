import { expect, test } from "vitest";
import type { Duty } from "./expected-duties.ts";
import { type DutyRecord, judgeDuty } from "./list-duties.ts";

const duty: Duty = { duty: "housekeeping", target: "*", title: "Roll up", everyMs: 20_000, retryMs: 5_000 };
const now = new Date("2026-11-01T12:00:00Z");
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const blank: DutyRecord = {
  now,
  holder: null,
  since: null,
  lastBeat: null,
  failedAt: null,
  failingSince: null,
  errorCode: null,
  errorMessage: null,
};
const led = { ...blank, holder: "host:1:2", since: ago(3_600) };
const failed = { failedAt: ago(2), failingSince: ago(90), errorCode: "TIMEOUT", errorMessage: "Too slow." };

test("a duty that never ran and that nobody leads says so", () => {
  expect(judgeDuty(duty, blank)).toEqual({
    ...duty,
    state: "unled",
    leader: null,
    lastBeat: null,
    nextDue: null,
    failure: null,
  });
});

test("one whose rounds come is running, and due one pause after the last", () => {
  expect(judgeDuty(duty, { ...led, lastBeat: ago(8) })).toMatchObject({
    state: "running",
    leader: { holder: "host:1:2", since: ago(3_600) },
    nextDue: ago(-12),
  });
});

test("late is more than three rounds without a beat, by the clock of the one that leads now", () => {
  expect(judgeDuty(duty, { ...led, lastBeat: ago(60) }).state).toBe("running");
  expect(judgeDuty(duty, { ...led, lastBeat: ago(61) })).toMatchObject({ state: "late", nextDue: ago(41) });
  // All workers were down overnight; the one that began just now is not late.
  expect(judgeDuty(duty, { ...led, since: ago(3), lastBeat: ago(30_000) })).toMatchObject({
    state: "running",
    nextDue: ago(3),
  });
  expect(judgeDuty(duty, { ...led, since: ago(61) }).state).toBe("late");
});

test("a change of leader takes 15 s: a duty of short rounds is not late before", () => {
  const outbox: Duty = { ...duty, duty: "outbox", everyMs: 2_000 };
  expect(judgeDuty(outbox, { ...led, lastBeat: ago(15) }).state).toBe("running");
  expect(judgeDuty(outbox, { ...led, lastBeat: ago(16) }).state).toBe("late");
});

test("one that fails says with what and since when, and is tried again sooner", () => {
  expect(judgeDuty(duty, { ...led, lastBeat: ago(100), ...failed })).toMatchObject({
    state: "failing",
    lastBeat: ago(100),
    nextDue: ago(-3),
    failure: { code: "TIMEOUT", message: "Too slow.", since: ago(90) },
  });
});

test("failing and then silent is late, and still tells what failed", () => {
  const silent = judgeDuty(duty, { ...led, ...failed, failedAt: ago(61), failingSince: ago(90) });
  expect(silent).toMatchObject({ state: "late", failure: { code: "TIMEOUT" } });
});
