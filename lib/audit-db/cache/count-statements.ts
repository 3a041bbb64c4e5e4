import type { CacheStats, StatementCacheStats } from "./types.ts";

const counted = ["hits", "sharedHits", "misses", "joined", "revalidated", "staleServed"] as const;
type Counter = (typeof counted)[number];
type Counters = Record<Counter, number> & { costMs: number | null };

export interface StatementCounts {
  add(name: string, event: Counter): void;
  /** A run on the server took so long. */
  ran(name: string, costMs: number): void;
  /** Smoothed time of its runs; undefined before the first. */
  costOf(name: string): number | undefined;
  totals(): Pick<CacheStats, Counter>;
  /** By hits, with what the first level holds of each. */
  statements(held: Map<string, { entries: number; bytes: number }>): StatementCacheStats[];
}

/** Statements are part of the program, so there are few; names made at run time share one line after this many. */
const mostNames = 200;
const others = "others";
const weightOfNewest = 0.3;

/** How each statement fares in this process's cache; fixed memory. */
export function countStatements(): StatementCounts {
  const byName = new Map<string, Counters>();

  function of(name: string): Counters {
    let found = byName.get(name);
    if (!found) {
      if (byName.size >= mostNames && name !== others) return of(others);
      found = { ...zeros(), costMs: null };
      byName.set(name, found);
    }
    return found;
  }

  return {
    add: (name, event) => {
      of(name)[event]++;
    },
    ran(name, costMs) {
      const counters = of(name);
      counters.costMs =
        counters.costMs === null ? costMs : counters.costMs + weightOfNewest * (costMs - counters.costMs);
    },
    costOf: (name) => byName.get(name)?.costMs ?? undefined,
    totals() {
      const sum = zeros();
      for (const counters of byName.values()) for (const name of counted) sum[name] += counters[name];
      return sum;
    },
    statements: (held) =>
      [...byName]
        .map(([name, { hits, sharedHits, misses, joined, revalidated, costMs }]) => ({
          name,
          entries: held.get(name)?.entries ?? 0,
          bytes: held.get(name)?.bytes ?? 0,
          hits: hits + joined + revalidated,
          sharedHits,
          misses,
          costMs,
        }))
        .sort((a, b) => b.hits - a.hits || a.name.localeCompare(b.name)),
  };
}

function zeros(): Record<Counter, number> {
  return { hits: 0, sharedHits: 0, misses: 0, joined: 0, revalidated: 0, staleServed: 0 };
}
