import type { Sql } from "postgres";
import type { AuditDb } from "../../audit-db/types.ts";
import { wasReset } from "../growth.ts";
import type { SampleContext, Sampler, TotalsSampler } from "../types.ts";
import type { Catalogue } from "./catalogue.ts";
import type { CostMeter } from "./cost-sampler.ts";
import { recordEvent } from "./record-event.ts";
import { watchServerChange } from "./server-change.ts";
import { createObjectTracker } from "./track-objects.ts";
import { createObjectIds, unlabelled, writeLabels, writeObjects } from "./write-objects.ts";
import { writeTotals } from "./write-totals.ts";

export interface SamplerRun {
  sampler: Sampler;
  /** Takes and stores the sample of a slot. @throws whatever the sampler or the console database threw */
  take(slot: number, storeUntil: number): Promise<"stored" | "taken by another" | "too late">;
}

export interface SamplerRunOptions {
  sql: Sql;
  audit: AuditDb;
  catalogue: Catalogue;
  context: SampleContext;
  meter: CostMeter;
  clock: () => number;
  /** When the server of the newest sample kept was started, epoch milliseconds. */
  serverStart?: number | undefined;
}

const labelsPerSample = 200;

/** One sampler on one target, with what it must remember between samples. */
export function createSamplerRun(sampler: Sampler, options: SamplerRunOptions): SamplerRun {
  const { sql, audit, catalogue, context, meter, clock } = options;
  const target = audit.target;
  const change = watchServerChange(audit, options.serverStart, clock);

  /** Counts what the sampler takes; the moment of a sample is the middle of its taking. */
  async function measured<T>(sample: () => Promise<T>): Promise<{ value: T; at: number }> {
    const began = clock();
    meter.probes += 1;
    try {
      const value = await sample();
      return { value, at: Math.round((began + clock()) / 2) };
    } catch (error) {
      meter.failures += 1;
      throw error;
    } finally {
      meter.wallMs += clock() - began;
    }
  }

  if (sampler.form === "totals") {
    let countsSince: number | null = null;
    return {
      sampler,
      async take(slot, storeUntil) {
        const { taken, moved } = await change.during(() => measured(() => sampler.sample(audit, context)));
        const { value, at } = taken;
        if (clock() > storeUntil) return "too late";
        const since = value.countsSince?.getTime() ?? null;
        const stored = await writeTotals(sql, catalogue, {
          target,
          sampler,
          slot,
          at,
          values: moved ? withoutCounters(sampler, value.values) : value.values,
          countsSince: value.countsSince ?? null,
        });
        if (!moved && wasReset(countsSince, since) && value.countsSince) {
          await recordEvent(sql, target, {
            at: value.countsSince,
            endedAt: value.countsSince,
            kind: "stats_reset",
            severity: "info",
            title: `Statistics began anew: ${sampler.name}`,
            detail: { sampler: sampler.name, countedSince: new Date(countsSince ?? 0) },
          });
        }
        countsSince = since ?? countsSince;
        return stored ? "stored" : "taken by another";
      },
    };
  }

  let tracker = createObjectTracker(sampler);
  const ids = createObjectIds();
  return {
    sampler,
    async take(slot, storeUntil) {
      const { taken, moved } = await change.during(() => measured(() => sampler.sample(audit)));
      const { value, at } = taken;
      if (moved) tracker = createObjectTracker(sampler);
      if (clock() > storeUntil) return "too late";
      const { batch, commit } = tracker.next(slot, at, value);
      const stored = await writeObjects(sql, catalogue, ids, target, sampler, batch);
      commit();
      const { label } = sampler;
      if (stored && label) {
        const keys = unlabelled(ids, batch).slice(0, labelsPerSample);
        if (keys.length > 0) {
          // The sample is stored; what could not be told now is asked for again with the next one.
          const labels = await measured(() => label.call(sampler, audit, keys)).catch(() => undefined);
          if (labels) await writeLabels(sql, ids, labels.value);
        }
      }
      return stored ? "stored" : "taken by another";
    },
  };
}

/** A sample that no growth is told from, neither up to it nor from it. */
function withoutCounters(
  { series }: TotalsSampler,
  values: Record<string, number | null>,
): Record<string, number | null> {
  const counters = new Set(series.filter(({ kind }) => kind === "counter").map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, counters.has(name) ? null : value]),
  );
}
