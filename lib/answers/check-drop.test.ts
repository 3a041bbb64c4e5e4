import { expect, test } from "vitest";
import { judgeDrop } from "./check-drop.ts";
import type { AnsweredReads } from "./count-reads.ts";

const over = (coveredSeconds: number, memory: number, redis: number, runs: number): AnsweredReads => ({
  memory,
  redis,
  runs,
  perSecond: (memory + redis + runs) / Math.max(1, coveredSeconds),
  coveredSeconds,
});
const week = over(100_000, 70_000, 10_000, 20_000);
const quarter = (memory: number, redis: number, runs: number) => over(900, memory, redis, runs);
const at = new Date("2026-11-27T12:00:00Z");
const limits = { warning: 0.15, critical: 0.3 };
const judge = (name: "query cache" | "Redis", now: AnsweredReads, before: AnsweredReads) =>
  judgeDrop(name, { present: now, before, now: at }, limits).objects[0];
const found = (now: AnsweredReads, before = week) =>
  (["query cache", "Redis"] as const).map((name) => judge(name, now, before)?.state);

test("a fall of 15 points is a warning, of 30 critical, and less is none", () => {
  expect(found(quarter(700, 0, 300))[0]).toBe("ok");
  expect(found(quarter(651, 0, 349))[0]).toBe("ok");
  expect(found(quarter(640, 0, 360))[0]).toBe("warning");
  expect(judge("query cache", quarter(640, 0, 360), week)).toMatchObject({
    object: { kind: "cache", name: "query cache" },
    value: expect.closeTo(0.16),
    threshold: limits,
    words: {
      title: "The query cache answered 64 % of reads in the last 15 min; over the past week it was 80 %.",
    },
  });
  expect(found(quarter(499, 0, 501))[0]).toBe("critical");
  expect(found(quarter(950, 0, 50))[0]).toBe("ok");
});

test("the second level is judged by what reached it", () => {
  const mostly = over(100_000, 10_000, 60_000, 30_000);
  expect(found(quarter(3_000, 300, 300), mostly)).toEqual(["ok", "warning"]);
  // Too little reached it to tell.
  expect(found(quarter(3_000, 200, 200), mostly)).toEqual(["ok", "ok"]);
});

test("few reads are not judged: neither too few for a share, nor far fewer than usual", () => {
  expect(judge("query cache", quarter(0, 0, 499), week)).toMatchObject({ state: "ok", value: null });
  const busy = over(100_000, 700_000, 100_000, 200_000);
  expect(found(quarter(0, 0, 1_000), busy)).toEqual(["ok", "ok"]);
});

test("without a baseline the check could not run, which is never OK", () => {
  for (const before of [over(0, 0, 0, 0), { ...week, coveredSeconds: 3_599 }]) {
    const answer = judgeDrop("query cache", { present: quarter(500, 0, 500), before, now: at }, limits);
    expect(answer).toMatchObject({
      complete: false,
      objects: [
        { object: { kind: "target" }, state: "unavailable", unavailable: { code: "insufficient_data" } },
      ],
    });
  }
  const [first] = judgeDrop(
    "query cache",
    { present: quarter(500, 0, 500), before: over(0, 0, 0, 0), now: at },
    limits,
  ).objects;
  expect(first?.unavailable).toEqual({
    code: "insufficient_data",
    reason: "Needs 60 min of history; none yet.",
    until: new Date("2026-11-27T13:00:00Z"),
  });
});
