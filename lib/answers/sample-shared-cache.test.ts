import { expect, test } from "vitest";
import type { SharedCacheStats } from "../audit-db/cache/types.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { InstanceReport } from "../collector/types.ts";
import { noCacheStats } from "../testing/no-cache-stats.ts";
import { noSharedStats } from "../testing/redis-figures.ts";
import { redisSampler } from "./sample-redis.ts";
import { sharedCacheSampler } from "./sample-shared-cache.ts";

const audit = { target: "audit" } as AuditDb;

function report(id: string, target: string, shared: Partial<SharedCacheStats> | null): InstanceReport {
  const cache = { ...noCacheStats, shared: shared && { ...noSharedStats, ...shared } };
  const at = new Date(0);
  return {
    instanceId: id,
    kind: "web",
    host: "h",
    pid: 1,
    startedAt: at,
    heartbeatAt: at,
    silent: false,
    engines: { [target]: { pools: [], cache } },
  };
}

test("counts the growth of every process, also of those that only watch another target", async () => {
  const sample = (reports: InstanceReport[]) =>
    sharedCacheSampler.sample(audit, { instances: async () => reports });
  await sample([report("a", "audit", { hits: 10, plainBytes: 100 }), report("b", "other", { hits: 5 })]);
  const { values, countsSince } = await sample([
    report("a", "audit", { hits: 14, plainBytes: 150, storedBytes: 20 }),
    report("b", "other", { hits: 6 }),
  ]);
  expect(values).toMatchObject({
    "sharedCache.hits": 5,
    "sharedCache.plainBytes": 50,
    "sharedCache.storedBytes": 20,
    "sharedCache.timeouts": 0,
  });
  expect(countsSince).toBeInstanceOf(Date);
});

test("without a second level there is nothing to sample, rather than zeros", async () => {
  const instances = async () => [report("c", "audit", null)];
  expect(await sharedCacheSampler.sample(audit, { instances })).toEqual({ values: {} });
  expect(await redisSampler.sample(audit, { instances })).toEqual({ values: {} });
});
