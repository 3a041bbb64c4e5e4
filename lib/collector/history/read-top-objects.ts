import type { Sql } from "postgres";
import type { ObjectWindow, TimeRange } from "../types.ts";
import { findMetrics } from "./find-metrics.ts";
import { earliest, latest } from "./find-series.ts";
import { gaugesAt } from "./gauges-at.ts";
import { sumGrowth, wasCollected } from "./object-figures.ts";
import { spansOf } from "./object-spans.ts";
import { rankObjects } from "./rank-objects.ts";
import { readSparks } from "./read-sparks.ts";

const maxObjects = 500;

/** Answers `History.topObjects`. */
export async function readTopObjects(
  sql: Sql,
  target: string,
  sampler: string,
  range: TimeRange,
  options: { orderBy: string; limit: number; spark?: string },
  now: number,
): Promise<{ objects: ObjectWindow[]; collectingSince: Date | null; observedAt: Date | null }> {
  const metrics = await findMetrics(sql, target, sampler);
  const collectingSince = earliest(metrics.map((m) => m.since));
  const observedAt = latest(metrics.map((m) => m.newestAt));
  const [first] = metrics;
  const order = metrics.find((metric) => metric.name === options.orderBy);
  if (!first || !order || first.targetId === null || !first.since)
    return { objects: [], collectingSince, observedAt };

  const length = range.to.getTime() - range.from.getTime();
  const before: TimeRange = { from: new Date(range.from.getTime() - length), to: range.from };
  const spans = spansOf(range, first.hourUntil, now);
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
  const spansBefore = spansOf(before, first.hourUntil, now);
  const [growth, growthBefore, gauges, gaugesBefore, collectedBefore, sparks] = await Promise.all([
    sumGrowth(sql, metrics, ids, spans),
    sumGrowth(sql, metrics, ids, spansBefore),
    gaugesAt(sql, metrics, ids, range.to.getTime(), now),
    gaugesAt(sql, metrics, ids, range.from.getTime(), now),
    wasCollected(sql, first, spansBefore),
    spark ? readSparks(sql, spark, ids, range, now) : new Map<number, never[]>(),
  ]);
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
      previous: collectedBefore ? figures(growthBefore, gaugesBefore, id, 0) : null,
      spark: sparks.get(id) ?? [],
    })),
    collectingSince,
    observedAt,
  };
}
