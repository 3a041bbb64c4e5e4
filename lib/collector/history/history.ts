import type { Sql } from "postgres";
import type { History, SeriesHistory, TimeRange } from "../types.ts";
import { findMetrics } from "./find-metrics.ts";
import { earliest, findSeries, latest, shownUnit } from "./find-series.ts";
import { readObjectSteps } from "./object-steps.ts";
import { readEvents } from "./read-events.ts";
import { readGrowth } from "./read-growth.ts";
import { readLabels } from "./read-labels.ts";
import { readPeaks } from "./read-peaks.ts";
import { readTopObjects } from "./read-top-objects.ts";
import { readTotals } from "./read-totals.ts";
import { stepSeconds } from "./steps.ts";

const defaultPoints = 300;

/**
 * Reads what the collector wrote, through the console database's raw client.
 * @param clock the present in epoch milliseconds, for tests that run ahead of time
 */
export function createHistory(sql: Sql, clock: () => number = Date.now): History {
  return {
    totals: (target, series, range, points = defaultPoints) =>
      readTotals(sql, target, series, range, points, clock()),
    growth: (target, counters, range, points = defaultPoints) =>
      readGrowth(sql, target, counters, range, points, clock()),
    peaks: (target, series, range) => readPeaks(sql, target, series, range),
    topObjects: (target, sampler, range, options) =>
      readTopObjects(sql, target, sampler, range, options, clock()),
    object: (target, sampler, key, metrics, range, points = defaultPoints) =>
      readObject(sql, { target, sampler, key, metrics, range, points, now: clock() }),
    labels: (target, sampler, keys) => readLabels(sql, target, sampler, keys),
    events: (target, range) => readEvents(sql, target, range),
  };
}

async function readObject(
  sql: Sql,
  ask: {
    target: string;
    sampler: string;
    key: string;
    metrics: readonly string[];
    range: TimeRange;
    points: number;
    now: number;
  },
): Promise<SeriesHistory> {
  const found = await findSeries(sql, ask.target, ask.metrics, ask.sampler);
  const metrics = [...found.values()];
  const all = metrics.length > 0 ? metrics : (await findMetrics(sql, ask.target, ask.sampler)).slice(0, 1);
  const step = stepSeconds(ask.range, ask.points, all[0]?.everySeconds ?? 60, ask.now, "objects");
  const targetId = all[0]?.targetId ?? null;
  const [object] =
    targetId === null
      ? []
      : await sql<{ id: number }[]>`
          select id from history.object
          where target_id = ${targetId} and sampler_id = ${all[0]?.samplerId ?? 0} and key = ${ask.key}`;
  const steps = await readObjectSteps(sql, metrics, object ? [object.id] : [], ask.range, step, ask.now);
  return {
    series: Object.fromEntries(
      ask.metrics.map((name) => [
        name,
        steps.points(
          object?.id ?? -1,
          metrics.findIndex((metric) => metric.name === name),
        ),
      ]),
    ),
    units: Object.fromEntries(metrics.map((metric) => [metric.name, shownUnit(metric)])),
    stepSeconds: step,
    collectingSince: earliest(all.map((metric) => metric.since)),
    observedAt: latest(all.map((metric) => metric.newestAt)),
  };
}
