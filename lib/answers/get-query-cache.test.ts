import { expect, test } from "vitest";
import type { CacheStats } from "../audit-db/cache/types.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { History, InstanceReport, Point } from "../collector/types.ts";
import { noCacheStats } from "../testing/no-cache-stats.ts";
import { getQueryCache } from "./get-query-cache.ts";
import { getQueryCacheHistory } from "./get-query-cache-history.ts";
import { queryCacheSampler } from "./sample-query-cache.ts";

const now = new Date("2026-01-01T12:00:00Z");
const audit = { target: "audit" } as AuditDb;

function report(instanceId: string, cache: Partial<CacheStats>, startedAt = now): InstanceReport {
  const engines = { audit: { pools: [], cache: { ...noCacheStats, ...cache } } };
  return { instanceId, kind: "web", host: "h", pid: 1, startedAt, heartbeatAt: now, silent: false, engines };
}

test("adds up every process's cache, and has no share where nobody asked", async () => {
  const earlier = new Date(now.getTime() - 1_000);
  const reports = [
    report("a", { hits: 6, misses: 2, joined: 1, entries: 3, bytes: 30 }, earlier),
    report("b", { hits: 1, misses: 0, entries: 1, bytes: 5 }),
  ];
  const { data, countsSince } = await getQueryCache({ audit, instances: async () => reports, now });
  expect(data.memory).toMatchObject({
    instances: 2,
    hits: 7,
    misses: 2,
    entries: 4,
    bytes: 35,
    maxBytes: 20,
  });
  expect(data.memory.share).toBe(0.8);
  expect(data.perInstance.map((i) => i.instanceId)).toEqual(["a", "b"]);
  expect(countsSince).toEqual(earlier);
  const none = await getQueryCache({ audit, instances: async () => [], now });
  expect(none.data.memory).toMatchObject({ instances: 0, share: null });
  expect(none.countsSince).toBeNull();
});

test("a silent process's figures are no longer anybody's", async () => {
  const silent = { ...report("gone", { hits: 100, misses: 100 }), silent: true };
  const reports = [silent, report("a", { hits: 3, sharedHits: 4, revalidated: 1, misses: 2 })];
  const { data } = await getQueryCache({ audit, instances: async () => reports, now });
  expect(data.memory).toMatchObject({ instances: 1, hits: 3, share: 0.8 });
  expect(data.perInstance.map((i) => Object.keys(i.cache).includes("statements"))).toEqual([false]);
});

test("Redis is said not to be configured, with what configures it", async () => {
  const { data } = await getQueryCache({ audit, instances: async () => [], now });
  expect(data.redis).toMatchObject({ code: "not_configured", enable: "REDIS_URL=redis://…" });
});

test("samples growth, and nothing at all when no process reports", async () => {
  const sample = (reports: InstanceReport[]) =>
    queryCacheSampler.sample(audit, { instances: async () => reports });
  expect(await sample([])).toEqual({ values: {} });
  await sample([report("a", { hits: 100, entries: 2 }, new Date(0))]);
  const { values } = await sample([report("a", { hits: 104, entries: 3 }, new Date(0))]);
  expect(values).toMatchObject({ "queryCache.hits": 4, "queryCache.entries": 3 });
});

test("the ratio over time counts every kind of answer, and is a gap where nobody asked", async () => {
  const points = (...values: (number | null)[]): Point[] => values.map((value, at) => [at, value]);
  const series: Record<string, Point[]> = {
    "queryCache.hits": points(3, 0, null, 1, 3),
    "queryCache.joined": points(1, 0, 0, 0, 0),
    // Not sampled before there was a second level.
    "queryCache.sharedHits": points(null, 0, 0, 2, 0),
    "queryCache.revalidated": points(null, 0, 0, 0, 3),
    "queryCache.misses": points(1, 0, 1, 1, 2),
  };
  const collected = { stepSeconds: 1, collectingSince: now, observedAt: now, units: {} };
  const history = { totals: async () => ({ series, ...collected }) } as unknown as History;
  const { data } = await getQueryCacheHistory({ audit, history, now }, { range: "15m" });
  expect(data.series["queryCache.hitRatio"]).toEqual(points(0.8, null, null, 0.75, 0.75));
  expect(data.units["queryCache.hitRatio"]).toBe("ratio");
});
