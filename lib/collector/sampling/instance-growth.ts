import type { AuditDb, EngineStats } from "../../audit-db/types.ts";
import type { InstanceReport } from "../types.ts";

const maxRemembered = 500;

interface Tally {
  since: Date;
  totals: Record<string, number>;
  /** Instance → its counters when last seen; kept when it falls silent, so that its return is no spike. */
  last: Map<string, Record<string, number>>;
}

/**
 * Adds up counters over processes that come and go. A plain sum would fall when a process ends (a gap for
 * everybody) and leap when it is seen again; this adds only what each process counted since it was last seen.
 * `since` is when the adding up began: the counters' `countsSince`.
 */
export function createInstanceGrowth(pick: (engine: EngineStats) => Record<string, number>) {
  const tallies = new WeakMap<AuditDb, Tally>();

  return (audit: AuditDb, instances: readonly InstanceReport[], now: Date) => {
    const tally: Tally = tallies.get(audit) ?? { since: now, totals: {}, last: new Map() };
    tallies.set(audit, tally);
    for (const instance of instances) {
      const engine = instance.engines[audit.target];
      if (!engine) continue;
      const counters = pick(engine);
      const before = tally.last.get(instance.instanceId);
      const bornUnderOurEyes = instance.startedAt >= tally.since;
      for (const [name, value] of Object.entries(counters)) {
        const previous = before?.[name] ?? (bornUnderOurEyes ? 0 : value);
        tally.totals[name] = (tally.totals[name] ?? 0) + Math.max(0, value - previous);
      }
      tally.last.delete(instance.instanceId);
      tally.last.set(instance.instanceId, counters);
    }
    for (const id of tally.last.keys()) {
      if (tally.last.size <= maxRemembered) break;
      tally.last.delete(id);
    }
    return { values: { ...tally.totals }, since: tally.since };
  };
}
