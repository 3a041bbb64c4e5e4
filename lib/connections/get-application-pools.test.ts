import { expect, test } from "vitest";
import type { NodePoolStats } from "../audit-db/pool/types.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { InstanceReport } from "../collector/types.ts";
import { noCacheStats } from "../testing/no-cache-stats.ts";
import { getApplicationPools } from "./get-application-pools.ts";
import { poolSampler } from "./sample-pools.ts";

const now = new Date("2026-01-01T12:00:00Z");
const audit = { target: "audit" } as AuditDb;

function pool(active: number, p95: number, rest: Partial<NodePoolStats> = {}): NodePoolStats {
  return {
    node: "db1:5432",
    purpose: "watch",
    max: 2,
    total: 2,
    active,
    idle: 2 - active,
    connecting: 0,
    waiting: 1,
    queueLimit: 10,
    acquired: 5,
    released: 5 - active,
    requests: 0,
    ok: 0,
    aborted: 0,
    acquireWindows: { minute: null, fiveMinutes: null, hour: null },
    leaseWindows: { minute: null, fiveMinutes: null, hour: null },
    lifetimeWindows: { minute: null, fiveMinutes: null, hour: null },
    timedOut: 1,
    rejected: 0,
    failed: 0,
    acquireMs: { p50: 1, p95, p99: p95, max: p95 },
    ...rest,
  };
}

function report(
  instanceId: string,
  secondsAgo: number,
  pools: NodePoolStats[],
  target = "audit",
): InstanceReport {
  return {
    instanceId,
    kind: "web",
    host: "h",
    pid: 1,
    startedAt: now,
    heartbeatAt: new Date(now.getTime() - secondsAgo * 1_000),
    silent: secondsAgo > 20,
    engines: { [target]: { pools, cache: noCacheStats } },
  };
}

const reports = [
  report("a", 1, [pool(1, 3), pool(0, 9, { purpose: "write", max: 4 })]),
  report("b", 2, [pool(2, 7)]),
  report("gone", 21, [pool(2, 100)]),
  report("other", 1, [pool(2, 100)], "elsewhere"),
];

test("adds up per purpose what living processes report, and says who fell silent", async () => {
  const { data, observedAt } = await getApplicationPools({ audit, instances: async () => reports, now });
  expect(data.instances.map((i) => [i.instanceId, i.silentSince !== null])).toEqual([
    ["a", false],
    ["b", false],
    ["gone", true],
  ]);
  expect(data.byPurpose.map((p) => [p.purpose, p.instances, p.max, p.active, p.idle, p.waiting])).toEqual([
    ["watch", 2, 4, 3, 1, 2],
    ["write", 1, 4, 0, 2, 1],
  ]);
  expect(data.byPurpose[0]?.worstAcquireMs.p95).toBe(7);
  expect(observedAt).toEqual(new Date(now.getTime() - 1_000));
});

test("a pool on a replica counts with its purpose, its process only once", async () => {
  const reports = [report("a", 1, [pool(1, 3), pool(2, 8, { node: "db2:5432" })])];
  const { data } = await getApplicationPools({ audit, instances: async () => reports, now });
  expect(data.instances[0]?.pools.map((p) => p.node)).toEqual(["db1:5432", "db2:5432"]);
  expect(data.byPurpose).toMatchObject([{ purpose: "watch", instances: 1, max: 4, active: 3 }]);
});

test("no process of this target: nothing is made up", async () => {
  const { data } = await getApplicationPools({ audit, instances: async () => [], now });
  expect(data).toEqual({ instances: [], byPurpose: [] });
  expect(await poolSampler.sample(audit, { instances: async () => [] })).toEqual({ values: {} });
});

test("samples gauges as they are and counters as growth", async () => {
  const sample = (list: InstanceReport[]) => poolSampler.sample(audit, { instances: async () => list });
  const first = await sample([report("a", 1, [pool(1, 3)])]);
  expect(first.values).toMatchObject({ "pools.active": 1, "pools.max": 2, "pools.acquired": 0 });
  const second = await sample([report("a", 1, [pool(2, 4, { acquired: 9 })])]);
  expect(second.values).toMatchObject({ "pools.active": 2, "pools.acquired": 4, "pools.acquireP95Ms": 4 });
  expect(second.countsSince).toEqual(first.countsSince);
});
