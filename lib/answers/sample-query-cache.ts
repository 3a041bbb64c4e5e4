import { createInstanceGrowth } from "../collector/sampling/instance-growth.ts";
import type { SeriesDefinition, TotalsSampler } from "../collector/types.ts";

const counters = [
  "hits",
  "misses",
  "joined",
  "sharedHits",
  "revalidated",
  "staleServed",
  "evictions",
  "refused",
] as const;

export const queryCacheSeries: readonly SeriesDefinition[] = [
  ...counters.map((name) => ({ name: `queryCache.${name}`, kind: "counter", unit: "count" }) as const),
  { name: "queryCache.entries", kind: "gauge", unit: "count" },
  { name: "queryCache.bytes", kind: "gauge", unit: "bytes" },
];

const grow = createInstanceGrowth(({ cache }) =>
  Object.fromEntries(counters.map((name) => [`queryCache.${name}`, cache[name]])),
);

/** The engine's cache of answers on this target, added up over every process, every 10 s. */
export const queryCacheSampler: { form: "totals" } & TotalsSampler = {
  form: "totals",
  name: "queryCache",
  everySeconds: 10,
  series: queryCacheSeries,
  sample: async (audit, context) => {
    const instances = await context.instances();
    const caches = instances.flatMap((instance) => instance.engines[audit.target]?.cache ?? []);
    if (caches.length === 0) return { values: {} };
    const { values, since } = grow(audit, instances, new Date());
    values["queryCache.entries"] = caches.reduce((sum, cache) => sum + cache.entries, 0);
    values["queryCache.bytes"] = caches.reduce((sum, cache) => sum + cache.bytes, 0);
    return { values, countsSince: since };
  },
};
