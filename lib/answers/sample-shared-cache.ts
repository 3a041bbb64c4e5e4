import { createInstanceGrowth } from "../collector/sampling/instance-growth.ts";
import type { InstanceReport, SeriesDefinition, TotalsSampler } from "../collector/types.ts";

const counters = ["hits", "misses", "timeouts", "errors", "writes", "refused"] as const;
const bytes = ["plainBytes", "storedBytes"] as const;

const series: readonly SeriesDefinition[] = [
  ...counters.map((name) => ({ name: `sharedCache.${name}`, kind: "counter", unit: "count" }) as const),
  ...bytes.map((name) => ({ name: `sharedCache.${name}`, kind: "counter", unit: "bytes" }) as const),
];

const grow = createInstanceGrowth(({ cache }) =>
  Object.fromEntries(
    [...counters, ...bytes].map((name) => [`sharedCache.${name}`, cache.shared?.[name] ?? 0]),
  ),
);

/**
 * The second level as all processes saw it, every 10 s: what was asked of it and stored there. It is one for all
 * targets, and each target's series count the whole. Nothing where none is configured.
 */
export const sharedCacheSampler: { form: "totals" } & TotalsSampler = {
  form: "totals",
  name: "sharedCache",
  everySeconds: 10,
  series,
  sample: async (audit, context) => {
    const sharing = (await context.instances()).flatMap((instance) => withAnyEngine(instance, audit.target));
    if (sharing.length === 0) return { values: {} };
    const { values, since } = grow(audit, sharing, new Date());
    return { values, countsSince: since };
  },
};

/** The process with the one engine that tells of the second level, whichever target it is of. */
function withAnyEngine(instance: InstanceReport, target: string): InstanceReport[] {
  const engine = Object.values(instance.engines).find(({ cache }) => cache.shared);
  return engine ? [{ ...instance, engines: { [target]: engine } }] : [];
}
