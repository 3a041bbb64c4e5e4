import { expect, test } from "vitest";
import { z } from "zod";
import { defineJob } from "./define-job.ts";
import { defineSchedule, nextRuns } from "./define-schedule.ts";
import { newestSlot } from "./schedule-slots.ts";

const next = (cron: string, timeZone: string, from: string, count: number) =>
  nextRuns({ cron, timeZone }, new Date(from), count).map((slot) => slot.toISOString().slice(5, 16));
const newest = (cron: string, timeZone: string, after: string, until: string) =>
  newestSlot({ cron, timeZone }, new Date(after), new Date(until))?.toISOString() ?? null;

test("an hour that summer time leaves out is the next one, wherever one begins to look", () => {
  // In Berlin 02:30 of 29 March 2026 does not exist: 03:30 is 01:30 UTC.
  for (const from of ["2026-03-28T12:00Z", "2026-03-29T00:59Z", "2026-03-29T01:00Z", "2026-03-29T01:29Z"])
    expect(next("30 2 * * *", "Europe/Berlin", from, 2)).toEqual(["03-29T01:30", "03-30T00:30"]);
  expect(next("30 2 * * *", "America/New_York", "2026-03-08T06:00Z", 2)).toEqual([
    "03-08T07:30",
    "03-09T06:30",
  ]);
});

test("an hour that comes twice counts once, wherever one begins to look", () => {
  // In Berlin 02:30 of 25 October 2026 comes at 00:30 and at 01:30 UTC.
  expect(next("30 2 * * *", "Europe/Berlin", "2026-10-25T00:00Z", 2)).toEqual(["10-25T00:30", "10-26T01:30"]);
  for (const from of ["2026-10-25T00:30Z", "2026-10-25T01:10Z", "2026-10-25T01:30Z"])
    expect(next("30 2 * * *", "Europe/Berlin", from, 1)).toEqual(["10-26T01:30"]);
});

test("every hour is every hour, on those days too", () => {
  expect(next("0 * * * *", "Europe/Berlin", "2026-10-24T23:30Z", 3)).toEqual([
    "10-25T00:00",
    "10-25T01:00",
    "10-25T02:00",
  ]);
  expect(next("0 * * * *", "Europe/Berlin", "2026-03-29T00:30Z", 2)).toEqual(["03-29T01:00", "03-29T02:00"]);
});

test("the newest slot of a pause is found in it and nowhere else", () => {
  expect(newest("*/5 * * * *", "UTC", "2026-05-01T00:00Z", "2026-11-01T00:04Z")).toBe(
    "2026-11-01T00:00:00.000Z",
  );
  expect(newest("0 3 1 * *", "UTC", "2026-05-01T03:00Z", "2026-05-31T23:59Z")).toBeNull();
  expect(newest("0 3 1 * *", "UTC", "2026-05-01T02:59Z", "2026-05-31T23:59Z")).toBe(
    "2026-05-01T03:00:00.000Z",
  );
  expect(newest("0 3 29 2 *", "UTC", "2024-01-01T00:00Z", "2027-12-31T00:00Z")).toBe(
    "2024-02-29T03:00:00.000Z",
  );
  expect(newest("30 2 * * *", "Europe/Berlin", "2026-10-25T00:30Z", "2026-10-25T12:00Z")).toBeNull();
  expect(newest("* * * * *", "UTC", "2026-05-01T00:00:30Z", "2026-05-01T00:00:59Z")).toBeNull();
});

test("what is no expression, no time zone or no input of the job is refused where it is declared", () => {
  const job = defineJob({
    name: "test.job",
    title: "Test",
    input: z.object({ target: z.string() }),
    target: true,
    run: async () => null,
  });
  const input = { target: "audit" };
  expect(defineSchedule(job, { input, cron: "7 * * * *" })).toMatchObject({
    name: "test.job:audit",
    timeZone: "UTC",
    jitterSeconds: 0,
  });
  expect(() => defineSchedule(job, { input, cron: "61 * * * *" })).toThrow("61");
  expect(() => defineSchedule(job, { input, cron: "7 * * * *", timeZone: "Mars/Olympus" })).toThrow(
    "Mars/Olympus",
  );
  expect(() => defineSchedule(job, { input: {} as never, cron: "7 * * * *" })).toThrow("target");
});
