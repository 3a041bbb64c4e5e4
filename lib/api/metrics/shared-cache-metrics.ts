import { Counter, Gauge, type Registry } from "prom-client";
import type { SharedCacheStats } from "../../audit-db/cache/types.ts";
import type { InstanceReport } from "../../collector/types.ts";

const labelNames = ["instance", "kind"] as const;

/** The second level as each living process sees it. A process has one for all its targets. */
export function addSharedCacheMetrics(registry: Registry, instances: readonly InstanceReport[]): void {
  const seen = instances.flatMap(({ host, pid, kind, engines }) => {
    const stats = Object.values(engines).find(({ cache }) => cache.shared)?.cache.shared;
    return stats ? [{ labels: { instance: `${host}:${pid}`, kind }, stats }] : [];
  });
  if (seen.length === 0) return;
  const up = new Gauge({
    name: "audit_db_shared_cache_up",
    help: "Whether the process reaches the second cache level (Redis)",
    labelNames,
    registers: [registry],
  });
  for (const { labels, stats } of seen)
    if (stats.state !== "connecting") up.set(labels, stats.state === "up" ? 1 : 0);
  for (const [figure, name, help] of counters) {
    const counter = new Counter({
      name: `audit_db_shared_cache_${name}_total`,
      help,
      labelNames,
      registers: [registry],
    });
    for (const { labels, stats } of seen) counter.inc(labels, stats[figure]);
  }
}

const counters: [keyof Omit<SharedCacheStats, "state" | "since" | "reason">, string, string][] = [
  ["hits", "hits", "Answers found in the second level"],
  ["misses", "misses", "Answers it did not have"],
  ["skipped", "skipped", "Questions not put to it while it was away"],
  ["timeouts", "timeouts", "Questions given up after the soft timeout"],
  ["errors", "errors", "Commands that failed or that Redis refused"],
  ["writes", "writes", "Answers stored there"],
  ["refused", "refused", "Answers too large to be shared"],
  ["plainBytes", "plain_bytes", "Bytes of stored answers before compression"],
  ["storedBytes", "stored_bytes", "Bytes of stored answers after compression"],
  ["waited", "waited", "Answers taken from another process's run"],
];
