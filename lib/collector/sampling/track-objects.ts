import { growth, wasReset } from "../growth.ts";
import { keptObjects } from "../retention.ts";
import { type ObjectSample, type ObjectSampler, othersKey } from "../types.ts";

/** What is to be stored of one slot of an object sampler. */
export interface ObjectBatch {
  slot: number;
  at: number;
  /** Seconds over which growth is told; null for a first sample, which only starts the counting. */
  coveredSeconds: number | null;
  /** Every kept object is in it; otherwise only those that changed. */
  keyframe: boolean;
  /** Figures in the order of the sampler's metrics: counters as growth, gauges as read. */
  rows: { key: string; figures: (number | null)[] }[];
}

export interface ObjectTracker {
  /** The batch of a sample. `commit` once it is stored; an uncommitted one is covered by the next. */
  next(slot: number, at: number, samples: readonly ObjectSample[]): { batch: ObjectBatch; commit(): void };
}

interface Known {
  figures: (number | null)[];
  countsSince: number | null;
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
  /** Figures as last stored, to write gauges on change only. */
  let stored = new Map<string, (number | null)[]>();
  let keptBefore = new Set<string>();

  return {
    next(slot, at, samples) {
      const fresh = !known || slot - knownSlot > bridgedSlots * sampler.everySeconds * 1_000 || at <= knownAt;
      const before = fresh ? undefined : known;
      const keyframe = !before || hourOf(slot) !== hourOf(knownSlot);
      const current = new Map<string, Known>();
      const grown: { key: string; reset: boolean; figures: (number | null)[] }[] = [];
      let resets = 0;
      for (const sample of samples) {
        const countsSince = sample.countsSince?.getTime() ?? null;
        const values = metrics.map((metric) => finiteOrNull(sample.values[metric.name]));
        const previous = before?.get(sample.key);
        current.set(sample.key, { figures: values, countsSince });
        const bornSince =
          before !== undefined &&
          previous === undefined &&
          (countsSince === null ? sampler.complete === true : countsSince >= knownAt);
        const reset = previous !== undefined && restarted(previous, values, countsSince, metrics);
        if (reset) resets += 1;
        grown.push({
          key: sample.key,
          reset,
          figures: metrics.map((metric, index) => {
            const value = values[index] ?? null;
            if (metric.kind === "gauge") return value;
            if (bornSince) return value;
            return previous === undefined || reset ? null : growth(previous.figures[index], value);
          }),
        });
      }
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
      // When most began anew, somebody reset the view: the whole slot is a gap.
      const wholesale = before !== undefined && resets * 2 > Math.min(before.size, samples.length);
      return {
        batch: {
          slot,
          at,
          coveredSeconds: before && !wholesale ? (at - knownAt) / 1_000 : null,
          keyframe,
          rows: rows.map(({ key, figures }) => ({ key, figures })),
        },
        commit() {
          known = current;
          knownSlot = slot;
          knownAt = at;
          stored = nextStored;
          keptBefore = keptKeys;
        },
      };
    },
  };
}

function restarted(
  before: Known,
  values: (number | null)[],
  countsSince: number | null,
  metrics: ObjectSampler["metrics"],
): boolean {
  if (wasReset(before.countsSince, countsSince)) return true;
  // One counter that fell means the entry began anew, even if others have already outgrown their old values.
  return metrics.some((metric, index) => {
    const old = before.figures[index] ?? null;
    const value = values[index] ?? null;
    return metric.kind === "counter" && old !== null && value !== null && value < old;
  });
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

function finiteOrNull(value: number | null | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
