import { expect, test } from "vitest";
import { type AnsweredReads, judgeQueryCache } from "./judge-query-cache.ts";

const over = (coveredSeconds: number, memory: number, redis: number, runs: number): AnsweredReads => ({
  memory,
  redis,
  runs,
  perSecond: (memory + redis + runs) / Math.max(1, coveredSeconds),
  coveredSeconds,
});
const week = over(100_000, 70_000, 10_000, 20_000);
const quarter = (memory: number, redis: number, runs: number) => over(900, memory, redis, runs);
const found = (now: AnsweredReads, before = week) =>
  judgeQueryCache(now, before).map(({ check, severity }) => [check, severity]);

test("a fall of 15 points is a warning, of 30 critical, and less is none", () => {
  expect(found(quarter(700, 0, 300))).toEqual([]);
  expect(found(quarter(651, 0, 349))).toEqual([]);
  expect(found(quarter(640, 0, 360))).toEqual([["caches.queryCacheDrop", "warning"]]);
  expect(judgeQueryCache(quarter(640, 0, 360), week)[0]?.title).toBe(
    "The query cache answered 64 % of reads in the last 15 min; over the past week it was 80 %.",
  );
  expect(found(quarter(499, 0, 501))[0]).toEqual(["caches.queryCacheDrop", "critical"]);
  expect(found(quarter(950, 0, 50))).toEqual([]);
});

test("the second level is judged by what reached it", () => {
  const mostly = over(100_000, 10_000, 60_000, 30_000);
  expect(found(quarter(3_000, 300, 300), mostly)).toEqual([["caches.redisDrop", "warning"]]);
  // Too little reached it to tell.
  expect(found(quarter(3_000, 200, 200), mostly)).toEqual([]);
});

test("few reads are not judged: neither too few for a share, nor far fewer than usual", () => {
  expect(found(quarter(0, 0, 499))).toEqual([]);
  const busy = over(100_000, 700_000, 100_000, 200_000);
  expect(found(quarter(0, 0, 1_000), busy)).toEqual([]);
});

test("without a baseline the check could not run, which is never OK", () => {
  for (const before of [over(0, 0, 0, 0), { ...week, coveredSeconds: 3_599 }]) {
    const [finding, ...rest] = judgeQueryCache(quarter(500, 0, 500), before);
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({
      check: "caches.queryCacheDrop",
      severity: "notice",
      unavailable: { code: "insufficient_data" },
    });
  }
});
