import type { EngineStats } from "../audit-db/types.ts";
import { createInstanceGrowth } from "../collector/sampling/instance-growth.ts";
import type { SeriesDefinition, TotalsSampler } from "../collector/types.ts";

const gauges = ["active", "idle", "connecting", "waiting", "total", "max"] as const;
const counters = ["acquired", "timedOut", "rejected", "failed"] as const;

export const poolSeries: readonly SeriesDefinition[] = [
  ...gauges.map((name) => ({ name: `pools.${name}`, kind: "gauge", unit: "count" }) as const),
  ...counters.map((name) => ({ name: `pools.${name}`, kind: "counter", unit: "count" }) as const),
  { name: "pools.acquireP95Ms", kind: "gauge", unit: "ms" },
];

const sumPools = (engine: EngineStats, field: (typeof gauges)[number] | (typeof counters)[number]) =>
  engine.pools.reduce((sum, pool) => sum + pool[field], 0);

const grow = createInstanceGrowth((engine) =>
  Object.fromEntries(counters.map((name) => [`pools.${name}`, sumPools(engine, name)])),
);

/**
 * The console's own pools on this target, added up over every process and purpose. `acquireP95Ms` is the
 * slowest pool's: percentiles cannot be added.
 */
export const poolSampler: { form: "totals" } & TotalsSampler = {
  form: "totals",
  name: "pools",
  everySeconds: 10,
  series: poolSeries,
  sample: async (audit, context) => {
    const instances = await context.instances();
    const engines = instances.flatMap((instance) => instance.engines[audit.target] ?? []);
    if (engines.length === 0) return { values: {} };
    const { values, since } = grow(audit, instances, new Date());
    for (const name of gauges) {
      values[`pools.${name}`] = engines.reduce((sum, engine) => sum + sumPools(engine, name), 0);
    }
    values["pools.acquireP95Ms"] = Math.max(
      0,
      ...engines.flatMap((engine) => engine.pools.map((pool) => pool.acquireMs.p95)),
    );
    return { values, countsSince: since };
  },
};
