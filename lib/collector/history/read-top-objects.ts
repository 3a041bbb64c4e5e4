import type { Sql } from "postgres";
import type { SampledWindow, TimeRange, TopObjects } from "../types.ts";
import { findMetrics } from "./find-metrics.ts";
import { earliest, latest } from "./find-series.ts";
import { gaugesAt } from "./gauges-at.ts";
import { sumAll, sumGrowth } from "./object-figures.ts";
import { findWindow } from "./object-window.ts";
import { rankObjects } from "./rank-objects.ts";
import { readSparks } from "./read-sparks.ts";

const maxObjects = 500;
/** What of the window before must be known for a comparison: half a day against a whole one is no rise. */
const leastCompared = 0.9;

/** Answers `History.topObjects`. */
export async function readTopObjects(
  sql: Sql,
  target: string,
  sampler: string,
  range: TimeRange,
  options: { orderBy: string; limit: number; spark?: string },
  now: number,
): Promise<TopObjects> {
  const metrics = await findMetrics(sql, target, sampler);
  const collectingSince = earliest(metrics.map((m) => m.since));
  const observedAt = latest(metrics.map((m) => m.newestAt));
  const [first] = metrics;
  const order = metrics.find((metric) => metric.name === options.orderBy);
  if (!first || !order || first.targetId === null || !first.since)
    return { objects: [], totals: {}, sampled: null, collectingSince, observedAt };

  const { spans, sampled } = await findWindow(sql, first, range, now);
  // As long as what was sampled, not as what was asked for: a window that ends now has no sample of its last seconds.
  const length = sampled
    ? sampled.to.getTime() - sampled.from.getTime()
    : range.to.getTime() - range.from.getTime();
  const until = sampled?.from ?? range.from;
  const before: TimeRange = { from: new Date(until.getTime() - length), to: until };
  const { spans: spansBefore, sampled: sampledBefore } = await findWindow(sql, first, before, now);
  const ranked = await rankObjects(
    sql,
    metrics,
    order,
    range,
    spans,
    Math.min(options.limit, maxObjects),
    now,
  );
  const ids = ranked.map((object) => object.id);
  const spark = metrics.find((metric) => metric.name === options.spark);
  const [growth, growthBefore, gauges, gaugesBefore, sparks, totals] = await Promise.all([
    sumGrowth(sql, metrics, ids, spans),
    sumGrowth(sql, metrics, ids, spansBefore),
    gaugesAt(sql, metrics, ids, range.to.getTime(), now),
    gaugesAt(sql, metrics, ids, range.from.getTime(), now),
    spark ? readSparks(sql, spark, ids, range, now) : new Map<number, never[]>(),
    sumAll(sql, metrics, spans),
  ]);
  const compared = sampledBefore !== null && knownMs(sampledBefore) >= leastCompared * length;
  const figures = (
    sums: Map<number, (number | null)[]>,
    held: Map<number, (number | null)[]>,
    id: number,
    absent: number | null,
  ) =>
    Object.fromEntries(
      metrics.map((metric, index) => [
        metric.name,
        metric.kind === "gauge"
          ? (held.get(id)?.[index] ?? null)
          : sums.has(id)
            ? (sums.get(id)?.[index] ?? null)
            : absent,
      ]),
    );
  return {
    objects: ranked.map(({ id, key }) => ({
      key,
      values: figures(growth, gauges, id, null),
      previous: compared ? figures(growthBefore, gaugesBefore, id, 0) : null,
      spark: sparks.get(id) ?? [],
    })),
    totals,
    sampled,
    collectingSince,
    observedAt,
  };
}

function knownMs({ from, to, missingShare }: SampledWindow): number {
  return (to.getTime() - from.getTime()) * (1 - missingShare);
}
