import type { Sql } from "postgres";
import { type Amount, addAmounts, figureOf, nothing } from "../amount.ts";
import { placeSamples } from "../place-samples.ts";
import { slotOf } from "../slots.ts";
import type { Point, SeriesHistory, TimeRange } from "../types.ts";
import { earliest, findSeries, latest, type StoredSeries, shownUnit } from "./find-series.ts";
import { stepSeconds, tierOf } from "./steps.ts";

/** Answers `History.totals`. */
export async function readTotals(
  sql: Sql,
  target: string,
  names: readonly string[],
  range: TimeRange,
  points: number,
  now: number,
): Promise<SeriesHistory> {
  const found = await findSeries(sql, target, names);
  const step = stepOf([...found.values()], range, points, now);
  const from = slotOf(range.from.getTime(), step);
  const to = range.to.getTime();
  const bySampler = Map.groupBy(found.values(), (series) => series.samplerId);
  const sampled = await Promise.all(
    [...bySampler.values()].map((series) => readSampler(sql, series, from, to, step)),
  );
  const figures = new Map(sampled.flat());
  const observedAt = latest([...found.values()].map((series) => series.newestAt));
  const steps: number[] = [];
  for (let at = from; at < to; at += step * 1_000) steps.push(at);
  const last = steps.at(-1);
  // The step under way has its point as soon as its first sample is in.
  const pending =
    last !== undefined && last + step * 1_000 > now && ![...figures.values()].some((f) => f.has(last));
  if (pending) steps.pop();
  return {
    series: Object.fromEntries(
      names.map((name) => [name, steps.map((at): Point => [at, figures.get(name)?.get(at) ?? null])]),
    ),
    units: Object.fromEntries([...found].map(([name, series]) => [name, shownUnit(series)])),
    stepSeconds: step,
    collectingSince: earliest([...found.values()].map((series) => series.since)),
    observedAt,
  };
}

/** As fine as the finest of the series. */
export function stepOf(
  series: readonly StoredSeries[],
  range: TimeRange,
  points: number,
  now: number,
): number {
  const cadences = series.map(({ everySeconds }) => everySeconds);
  return stepSeconds(range, points, cadences.length > 0 ? Math.min(...cadences) : 10, now);
}

/** Figures of series of one sampler by step. */
async function readSampler(
  sql: Sql,
  series: readonly StoredSeries[],
  from: number,
  to: number,
  step: number,
): Promise<[string, Map<number, number>][]> {
  const [first] = series;
  if (!first || first.targetId === null || first.since === null) return [];
  // A sampler slower than the step is read on its own slots, each of which stands for the steps in it.
  const own = Math.max(step, first.everySeconds);
  const buckets = new Map<number, Amount[]>();
  const add = (slot: number, amounts: readonly Amount[]) => {
    const at = slotOf(slot, own);
    const known = buckets.get(at);
    buckets.set(at, known ? known.map((a, i) => addAmounts(a, amounts[i] ?? nothing)) : [...amounts]);
  };
  const start = slotOf(from, own);
  await readAmounts(sql, series, start, to, own, add);
  return series.map(({ name }, index) => {
    const figures = new Map<number, number>();
    for (const [at, amounts] of buckets) {
      const figure = figureOf(amounts[index]);
      if (figure === null) continue;
      for (let held = at; held < at + own * 1_000; held += step * 1_000) figures.set(held, figure);
    }
    return [name, figures];
  });
}

/** Amounts of a span: from the coarsest roll-up that tells the steps apart as far as it reaches, then from finer ones. */
export async function readAmounts(
  sql: Sql,
  series: readonly StoredSeries[],
  from: number,
  to: number,
  step: number,
  add: (slot: number, amounts: readonly Amount[]) => void,
): Promise<void> {
  const [first] = series;
  if (!first) return;
  const tier = tierOf(step);
  const reach = (until: Date | null) => Math.min(to, Math.max(from, until?.getTime() ?? from));
  const hourUntil = tier === "hour" ? reach(first.hourUntil) : from;
  const minuteUntil = tier === "raw" ? from : Math.max(hourUntil, reach(first.minuteUntil));
  await Promise.all([
    readRolled(sql, "hour", series, from, hourUntil, add),
    readRolled(sql, "minute", series, hourUntil, minuteUntil, add),
    readRaw(sql, series, minuteUntil, to, add),
  ]);
}

async function readRolled(
  sql: Sql,
  tier: "minute" | "hour",
  series: readonly StoredSeries[],
  from: number,
  until: number,
  add: (slot: number, amounts: readonly Amount[]) => void,
): Promise<void> {
  const [first] = series;
  if (!first || until <= from) return;
  const rows = await sql<{ slot: Date; amounts: (number | null)[]; weights: (number | null)[] }[]>`
    select slot, ${picked(sql, "amounts", series)} as amounts, ${picked(sql, "weights", series)} as weights
    from ${sql(`history.total_${tier}`)}
    where target_id = ${first.targetId} and sampler_id = ${first.samplerId}
      and slot >= ${new Date(from)} and slot < ${new Date(until)}`;
  for (const row of rows) {
    add(
      row.slot.getTime(),
      row.amounts.map((amount, i) => ({
        amount: amount ?? 0,
        weight: row.weights[i] ?? 0,
        low: null,
        high: null,
      })),
    );
  }
}

async function readRaw(
  sql: Sql,
  series: readonly StoredSeries[],
  from: number,
  until: number,
  add: (slot: number, amounts: readonly Amount[]) => void,
): Promise<void> {
  const [first] = series;
  if (!first || until <= from) return;
  const rows = await sql<{ slot: Date; at: Date; countsSince: Date | null; figures: (number | null)[] }[]>`
    select slot, at, counts_since as "countsSince", ${picked(sql, "figures", series)} as figures
    from history.total_raw
    where target_id = ${first.targetId} and sampler_id = ${first.samplerId}
      and slot >= ${new Date(from)} and slot < ${new Date(until + first.everySeconds * 1_000)}
    order by slot`;
  const samples = rows.map((row) => ({
    slot: row.slot.getTime(),
    at: row.at.getTime(),
    countsSince: row.countsSince?.getTime() ?? null,
    figures: row.figures,
  }));
  const kinds = series.map((s) => s.kind);
  placeSamples(kinds, samples, first.everySeconds, { from, until }, add);
}

/** The wanted places of a stored array, in order; as JSON, because the driver reads a null in an array as NaN. */
function picked(sql: Sql, column: string, series: readonly StoredSeries[]) {
  return sql`json_build_array(${series.map((s, i) => sql`${i > 0 ? sql`,` : sql``} ${sql(column)}[${sql.unsafe(String(s.position + 1))}]`)})`;
}
