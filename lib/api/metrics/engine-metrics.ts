import { Counter, Gauge, type Registry } from "prom-client";
import type { CacheStats } from "../../audit-db/cache/types.ts";
import type { PoolStats } from "../../audit-db/pool/types.ts";
import type { InstanceReport } from "../../collector/types.ts";

const instanceLabels = ["instance", "kind", "target"] as const;
const poolLabels = [...instanceLabels, "purpose", "node"] as const;

/** Pools and query caches of every process that reported in the last seconds, one set of labels a process. */
export function addEngineMetrics(registry: Registry, instances: readonly InstanceReport[]): void {
  const labelsOf = ({ host, pid, kind }: InstanceReport, target: string) => ({
    instance: `${host}:${pid}`,
    kind,
    target,
  });
  const engines = instances.flatMap((instance) =>
    Object.entries(instance.engines).map(([target, stats]) => ({
      labels: labelsOf(instance, target),
      stats,
    })),
  );
  for (const { name, help, figure } of poolGauges) {
    const gauge = new Gauge({
      name,
      help,
      labelNames: poolLabels,
      registers: [registry],
    });
    for (const { labels, stats } of engines)
      for (const pool of stats.pools)
        gauge.set({ ...labels, purpose: pool.purpose, node: pool.node }, figure(pool));
  }
  for (const { name, help, figure } of poolCounters) {
    const counter = new Counter({
      name,
      help,
      labelNames: poolLabels,
      registers: [registry],
    });
    for (const { labels, stats } of engines)
      for (const pool of stats.pools)
        counter.inc({ ...labels, purpose: pool.purpose, node: pool.node }, figure(pool));
  }
  for (const { name, help, figure } of cacheGauges) {
    const gauge = new Gauge({ name, help, labelNames: instanceLabels, registers: [registry] });
    for (const { labels, stats } of engines) gauge.set(labels, figure(stats.cache));
  }
  for (const { name, help, figure } of cacheCounters) {
    const counter = new Counter({ name, help, labelNames: instanceLabels, registers: [registry] });
    for (const { labels, stats } of engines) counter.inc(labels, figure(stats.cache));
  }
}

type Figure<T> = { name: string; help: string; figure(stats: T): number };

const poolGauges: Figure<PoolStats>[] = [
  { name: "audit_db_pool_active", help: "Connections in use", figure: (p) => p.active },
  { name: "audit_db_pool_idle", help: "Connections open and free", figure: (p) => p.idle },
  { name: "audit_db_pool_waiting", help: "Requests that wait for a connection", figure: (p) => p.waiting },
  { name: "audit_db_pool_max", help: "Connections at most", figure: (p) => p.max },
  {
    name: "audit_db_pool_acquire_p95_seconds",
    help: "95th percentile of the time to get a connection",
    figure: (p) => p.acquireMs.p95 / 1_000,
  },
];

const poolCounters: Figure<PoolStats>[] = [
  { name: "audit_db_pool_acquired_total", help: "Connections handed out", figure: (p) => p.acquired },
  { name: "audit_db_pool_timed_out_total", help: "Requests that gave up waiting", figure: (p) => p.timedOut },
  {
    name: "audit_db_pool_rejected_total",
    help: "Requests refused: the queue was full",
    figure: (p) => p.rejected,
  },
  {
    name: "audit_db_pool_failed_total",
    help: "Statements that lost their connection",
    figure: (p) => p.failed,
  },
];

const cacheGauges: Figure<CacheStats>[] = [
  { name: "audit_db_query_cache_entries", help: "Answers kept", figure: (c) => c.entries },
  { name: "audit_db_query_cache_bytes", help: "Bytes they take", figure: (c) => c.bytes },
];

const cacheCounters: Figure<CacheStats>[] = [
  {
    name: "audit_db_query_cache_hits_total",
    help: "Questions answered from the cache",
    figure: (c) => c.hits,
  },
  {
    name: "audit_db_query_cache_misses_total",
    help: "Questions that went to the audit database",
    figure: (c) => c.misses,
  },
  {
    name: "audit_db_query_cache_joined_total",
    help: "Questions that joined one under way",
    figure: (c) => c.joined,
  },
  {
    name: "audit_db_query_cache_shared_hits_total",
    help: "Questions answered by the second level",
    figure: (c) => c.sharedHits,
  },
  {
    name: "audit_db_query_cache_revalidated_total",
    help: "Questions answered with the value before, while a new one was fetched",
    figure: (c) => c.revalidated,
  },
  {
    name: "audit_db_query_cache_refused_total",
    help: "Answers too large to be kept",
    figure: (c) => c.refused,
  },
  {
    name: "audit_db_query_cache_stale_total",
    help: "Old answers given while the source was down",
    figure: (c) => c.staleServed,
  },
  {
    name: "audit_db_query_cache_evictions_total",
    help: "Answers dropped for room",
    figure: (c) => c.evictions,
  },
];
