import { expect, test } from "vitest";
import type { SharedCacheStats } from "../audit-db/cache/types.ts";
import type { InstanceReport } from "../collector/types.ts";
import { noCacheStats } from "../testing/no-cache-stats.ts";
import { noSharedStats, redisServer } from "../testing/redis-figures.ts";
import { describeSharedLevel } from "./describe-shared-level.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute));

function report(id: string, ...shared: (Partial<SharedCacheStats> | null)[]): InstanceReport {
  const engines = shared.map((stats, i) => [
    `target-${i}`,
    { pools: [], cache: { ...noCacheStats, sharedHits: 1, shared: stats && { ...noSharedStats, ...stats } } },
  ]);
  // As the console database gives it back: JSON has no dates.
  const asJson = JSON.parse(JSON.stringify(Object.fromEntries(engines)));
  return {
    instanceId: id,
    kind: "web",
    host: "h",
    pid: 1,
    startedAt: at(0),
    heartbeatAt: at(0),
    silent: false,
    engines: asJson,
  };
}

test("adds processes up, each once however many targets it has", () => {
  const stats = { state: "up", hits: 3, misses: 1, plainBytes: 100, storedBytes: 40, since: at(1) } as const;
  const level = describeSharedLevel(
    [report("a", stats, stats), report("b", null, { ...stats, since: at(2) }), report("c", null)],
    null,
  );
  expect(level).toMatchObject({
    state: "up",
    since: at(2),
    reason: null,
    processes: 2,
    reaching: 2,
    hits: 6,
    misses: 2,
    answered: 5,
    share: 0.625,
    plainBytes: 200,
    storedBytes: 80,
    server: null,
    warnings: [],
  });
});

test("away for all or for some, since the first of them, with its reason", () => {
  const up = report("up", { state: "up", since: at(1) });
  const down = report("down", { state: "down", since: at(5), reason: "the connection is lost" });
  const longer = report("longer", { state: "down", since: at(3), reason: "nothing listens" });
  const idle = report("idle", { state: "connecting", since: at(0), reason: "not connected yet" });
  expect(describeSharedLevel([up, down, longer, idle], null)).toMatchObject({
    state: "partly",
    since: at(3),
    reason: "nothing listens",
    processes: 4,
    reaching: 1,
  });
  expect(describeSharedLevel([down, idle], null)).toMatchObject({ state: "down", since: at(5) });
  // One that has not asked yet says nothing about the others.
  expect(describeSharedLevel([up, idle], null)).toMatchObject({ state: "up", reason: null });
  for (const nobody of [[idle], []])
    expect(describeSharedLevel(nobody, null)).toMatchObject({
      state: "connecting",
      since: null,
      share: null,
    });
});

test("warns of a Redis without a limit and of one that refuses", () => {
  const warnings = (maxBytes: number, policy: string) =>
    describeSharedLevel([], { ...redisServer, maxBytes, policy }).warnings;
  expect(warnings(0, "noeviction")).toEqual([expect.stringMatching(/^No maxmemory: .*allkeys-lru/)]);
  expect(warnings(1, "noeviction")).toEqual([expect.stringContaining("refuses new answers")]);
  expect(warnings(1, "allkeys-lru")).toEqual([]);
  expect(warnings(1, "volatile-ttl")).toEqual([]);
});
