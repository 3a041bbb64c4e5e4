import type { Sql } from "postgres";
import { slotOf } from "../slots.ts";
import type { TimeRange } from "../types.ts";
import { findSeries, type StoredSeries } from "./find-series.ts";
import { readAmounts, stepOf } from "./read-totals.ts";

/** Answers `History.growth`. */
export async function readGrowth(
  sql: Sql,
  target: string,
  names: readonly string[],
  range: TimeRange,
  points: number,
  now: number,
): Promise<Record<string, number | null>> {
  const found = await findSeries(sql, target, names);
  const step = stepOf([...found.values()], range, points, now);
  const bySampler = Map.groupBy(found.values(), (series) => series.samplerId);
  const grown = await Promise.all(
    [...bySampler.values()].map((series) => sumSampler(sql, series, range, step)),
  );
  return { ...Object.fromEntries(names.map((name) => [name, null])), ...Object.fromEntries(grown.flat()) };
}

async function sumSampler(
  sql: Sql,
  series: readonly StoredSeries[],
  range: TimeRange,
  step: number,
): Promise<[name: string, grown: number | null][]> {
  const [first] = series;
  if (!first || first.targetId === null || first.since === null) return [];
  const sums = series.map((): number | null => null);
  const own = Math.max(step, first.everySeconds);
  await readAmounts(
    sql,
    series,
    slotOf(range.from.getTime(), own),
    range.to.getTime(),
    own,
    (_slot, amounts) => {
      for (const [n, { amount, weight }] of amounts.entries())
        if (weight > 0) sums[n] = (sums[n] ?? 0) + amount;
    },
  );
  return series.map(({ name }, n) => [name, sums[n] ?? null]);
}
