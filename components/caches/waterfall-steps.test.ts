import { expect, test } from "vitest";
import type { CacheWaterfall } from "@/lib/caches/types.ts";
import { relationsInput } from "./cache-inputs.ts";
import { coverageWords, waterfallSteps } from "./waterfall-steps.ts";

const data: CacheWaterfall = {
  windowSeconds: 3_600,
  queryCache: { answered: 30, passed: 10, coveredSeconds: 3_600 },
  redis: { code: "not_configured", reason: "Redis: not configured." },
  sharedBuffers: { answered: 900, passed: 100, coveredSeconds: 1_200 },
  sharedBuffersBytes: 134_217_728,
  blockSizeBytes: 8_192,
  disk: { meanMs: 0.5, totalMs: 50, timing: null },
};
const byKey = (of: CacheWaterfall) => Object.fromEntries(waterfallSteps(of).map((step) => [step.key, step]));

test("what a step does not answer begins where its answers end, a step further down", () => {
  const { queryCache, redis, sharedBuffers, disk } = byKey(data);
  expect(queryCache).toMatchObject({ from: 0, answeredTo: 0.75, state: "answers" });
  expect(redis).toMatchObject({ from: 0.75, answeredTo: 0.75, state: "passes" });
  expect(sharedBuffers).toMatchObject({
    from: 0,
    answeredTo: 0.9,
    figures: "90 % answered · 900 of 1,000 blocks",
  });
  expect(disk).toMatchObject({
    from: 0.9,
    state: "pays",
    figures: "10 % of blocks · 800 kB · 0.5 ms a block",
  });
});

const at = new Date("2026-01-01T12:00:00Z");
const withRedis = (redis: object): CacheWaterfall => ({
  ...data,
  redis: {
    state: "up",
    since: at,
    reason: null,
    step: { answered: 4, passed: 6, coveredSeconds: 3_600 },
    ...redis,
  } as CacheWaterfall["redis"],
});

test("Redis begins where memory's answers end, and what it answered is a part of what was passed on", () => {
  const { redis } = byKey(withRedis({}));
  expect(redis).toMatchObject({ from: 0.75, state: "answers", figures: "40 % answered · 4 of 10 reads" });
  expect(redis?.answeredTo).toBeCloseTo(0.85);
  expect(redis?.dimmed).toBe(false);
});

test("a Redis that is away says so, and its figures are of before", () => {
  const { redis } = byKey(withRedis({ state: "down", reason: "nothing listens" }));
  expect(redis).toMatchObject({
    dimmed: true,
    figures: "away, passes everything on · 40 % answered · 4 of 10 reads",
  });
  const unsampled = byKey(withRedis({ state: "down", step: null })).redis;
  expect(unsampled).toMatchObject({ state: "passes", figures: "away, passes everything on" });
  const quiet = byKey(withRedis({ step: { answered: 0, passed: 0, coveredSeconds: 10 } })).redis;
  expect(quiet).toMatchObject({ state: "idle", figures: "no reads asked for" });
  expect(byKey(withRedis({ step: null })).redis).toMatchObject({
    state: "unknown",
    figures: "not sampled in this range",
  });
});

test("what was not sampled is unknown, what nobody asked for is idle: neither is a figure", () => {
  const unknown = byKey({ ...data, queryCache: null, sharedBuffers: null });
  expect([unknown.queryCache?.state, unknown.sharedBuffers?.state, unknown.disk?.state]).toEqual(
    Array(3).fill("unknown"),
  );
  expect(unknown.disk?.figures).toBe("not sampled in this range");
  const quiet = { answered: 0, passed: 0, coveredSeconds: 3_600 };
  const idle = byKey({ ...data, queryCache: quiet, sharedBuffers: quiet });
  expect([idle.queryCache?.state, idle.disk?.state]).toEqual(["idle", "idle"]);
  expect(idle.queryCache?.figures).toBe("no reads asked for");
});

test("without measured times the cost says so", () => {
  const { disk } = byKey({ ...data, disk: { meanMs: null, totalMs: null, timing: null } });
  expect(disk?.figures).toContain("time not measured");
});

test("coverage is said when samples cover less than nearly all of the range", () => {
  expect(coverageWords(data.sharedBuffers, 3_600)).toBe(1_200);
  expect(coverageWords(data.queryCache, 3_600)).toBeNull();
  expect(coverageWords(null, 3_600)).toBeNull();
});

test("the URL's sort picks what the server answers first", () => {
  expect(relationsInput("index", { sort: "size.desc", each: true })).toEqual({
    kind: "index",
    orderBy: "size",
    limit: 200,
    groupPartitions: false,
  });
  expect(relationsInput("table", { sort: "nonsense.asc", each: false }).orderBy).toBe("reads");
});
