import { keptObjects } from "../retention.ts";
import { type ObjectSample, type ObjectSampler, othersKey } from "../types.ts";
import { type Known, tellGrowth, viewSinceOf } from "./tell-growth.ts";

/** What is to be stored of one slot of an object sampler. */
export interface ObjectBatch {
  slot: number;
  at: number;
  /** Seconds over which growth is told; null for a first sample, which only starts the counting. */
  coveredSeconds: number | null;
  /** What share of the growth of these seconds was lost to objects that began anew or went, 0 to 1; null for none. */
  lostShare: number | null;
  /** Every kept object is in it; otherwise only those that changed. */
  keyframe: boolean;
  /** Figures in the order of the sampler's metrics: counters as growth, gauges as read. */
  rows: { key: string; figures: (number | null)[] }[];
}

export interface ObjectTracker {
  /** The batch of a sample. `commit` once it is stored; an uncommitted one is covered by the next. */
  next(slot: number, at: number, samples: readonly ObjectSample[]): { batch: ObjectBatch; commit(): void };
}

/** A sample that comes later than this many slots starts anew. */
const bridgedSlots = 5;

/**
 * Turns whole samples of thousands of objects into what is worth storing: the top 200 by `rankBy`
 * (growth of a counter, value of a gauge), the rest added up as "others", unchanged objects left out.
 * Keeps the sample before in memory, so the first sample after a start tells no growth.
 */
export function createObjectTracker(
  sampler: Pick<ObjectSampler, "everySeconds" | "metrics" | "rankBy" | "complete">,
  keep: number = keptObjects,
): ObjectTracker {
  const metrics = sampler.metrics;
  const gauges = metrics.flatMap((metric, index) => (metric.kind === "gauge" ? [index] : []));
  const rank = metrics.findIndex((metric) => metric.name === sampler.rankBy);
  if (rank < 0) throw new Error(`rankBy ${sampler.rankBy} is not among the metrics`);
  let known: Map<string, Known> | undefined;
  let knownSlot = 0;
  let knownAt = 0;
  let knownViewSince: number | null = null;
  /** Figures as last stored, to write gauges on change only. */
  let stored = new Map<string, (number | null)[]>();
  let keptBefore = new Set<string>();

  return {
    next(slot, at, samples) {
      const fresh = !known || slot - knownSlot > bridgedSlots * sampler.everySeconds * 1_000 || at <= knownAt;
      const before = fresh || !known ? undefined : { known, at: knownAt, viewSince: knownViewSince };
      const keyframe = !before || hourOf(slot) !== hourOf(knownSlot);
      const told = tellGrowth(sampler, before, at, samples);
      const grown = told.objects;
      grown.sort((a, b) => (b.figures[rank] ?? -1) - (a.figures[rank] ?? -1));
      const kept = grown.slice(0, keep);
      const rest = grown.slice(keep);
      if (rest.length > 0 || keptBefore.has(othersKey))
        kept.push({ key: othersKey, reset: false, figures: addUp(rest, metrics.length) });
      const keptKeys = new Set(kept.map(({ key }) => key));

      const nextStored = new Map(keyframe ? [] : stored);
      const rows = kept.filter(({ key, reset, figures }) => {
        if (gauges.length > 0) nextStored.set(key, figures);
        if (reset || (gauges.length > 0 && keyframe)) return true;
        return figures.some((value, index) =>
          gauges.includes(index) ? stored.get(key)?.[index] !== value : value !== null && value !== 0,
        );
      });
      if (gauges.length === 0) {
        // A reset takes an object's growth and so its rank: its gap is told nevertheless.
        for (const row of rest) if (row.reset && keptBefore.has(row.key)) rows.push(row);
      } else if (!keyframe) {
        // Who left the kept ones is counted among the others from now on.
        for (const key of stored.keys()) {
          if (keptKeys.has(key)) continue;
          rows.push({ key, reset: false, figures: metrics.map(() => null) });
          nextStored.delete(key);
        }
      }
      return {
        batch: {
          slot,
          at,
          coveredSeconds: told.coveredSeconds,
          lostShare: told.lostShare > 0 ? told.lostShare : null,
          keyframe,
          rows: rows.map(({ key, figures }) => ({ key, figures })),
        },
        commit() {
          known = told.current;
          knownSlot = slot;
          knownAt = at;
          knownViewSince = viewSinceOf(samples);
          stored = nextStored;
          keptBefore = keptKeys;
        },
      };
    },
  };
}

function addUp(rows: readonly { figures: (number | null)[] }[], width: number): (number | null)[] {
  const sums: (number | null)[] = new Array(width).fill(null);
  for (const { figures } of rows) {
    for (let index = 0; index < width; index++) {
      const value = figures[index] ?? null;
      if (value !== null) sums[index] = (sums[index] ?? 0) + value;
    }
  }
  return sums;
}

function hourOf(slot: number): number {
  return Math.floor(slot / 3_600_000);
}
