import type { Sql } from "postgres";
import { type ObjectWindow, othersKey, type TimeRange } from "../types.ts";
import { earliest, latest, type StoredSeries } from "./find-series.ts";
import { gaugesAt } from "./gauges-at.ts";
import { type Spans, spansOf } from "./object-spans.ts";
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

/** All metrics of an object sampler, in the order of their places. */
export async function findMetrics(sql: Sql, target: string, sampler: string): Promise<StoredSeries[]> {
  return sql<StoredSeries[]>`
    select r.name, r.kind, r.unit, r.position, r.sampler_id as "samplerId", t.id as "targetId",
           s.every_seconds as "everySeconds", c.since, c.newest_at as "newestAt",
           c.minute_until as "minuteUntil", c.hour_until as "hourUntil"
    from history.series r
    join history.sampler s on s.id = r.sampler_id and s.form = 'objects'
    left join history.target t on t.name = ${target}
    left join history.collecting c on c.target_id = t.id and c.sampler_id = s.id
    where s.name = ${sampler}
    order by r.position`;
}

interface RankedObject {
  id: number;
  key: string;
}

async function rankObjects(
  sql: Sql,
  metrics: readonly StoredSeries[],
  order: StoredSeries,
  range: TimeRange,
  spans: Spans,
  limit: number,
  now: number,
): Promise<RankedObject[]> {
  let scores: [number, number][];
  if (order.kind === "gauge") {
    const place = metrics.indexOf(order);
    const held = await gaugesAt(sql, metrics, null, range.to.getTime(), now);
    scores = [...held].flatMap(([id, figures]) => {
      const value = figures[place] ?? null;
      return value === null ? [] : [[id, value] as [number, number]];
    });
  } else {
    const rows = await sql<{ id: number; score: number }[]>`
      select object_id as id, sum(figures[${place(sql, order)}]) as score
      from (${rowsOf(sql, order, spans)}) as rows
      group by object_id having sum(figures[${place(sql, order)}]) > 0`;
    scores = rows.map((row) => [row.id, row.score]);
  }
  if (scores.length === 0) return [];
  const keys = await sql<RankedObject[]>`
    select id, key from history.object
    where id = any(${await topIds(sql, scores, limit)}::int[])`;
  const score = new Map(scores);
  return [...keys].sort((a, b) => {
    if ((a.key === othersKey) !== (b.key === othersKey)) return a.key === othersKey ? 1 : -1;
    return (score.get(b.id) ?? 0) - (score.get(a.id) ?? 0);
  });
}

/** The best ids, and "others" besides when it has a score. */
async function topIds(sql: Sql, scores: readonly [number, number][], limit: number): Promise<number[]> {
  const ids = scores.map(([id]) => id);
  const [others] = await sql<{ id: number }[]>`
    select id from history.object where key = ${othersKey} and id = any(${ids}::int[])`;
  const best = scores
    .filter(([id]) => id !== others?.id)
    .sort((a, b) => b[1] - a[1])
    .slice(0, limit)
    .map(([id]) => id);
  return others ? [...best, others.id] : best;
}

async function sumGrowth(
  sql: Sql,
  metrics: readonly StoredSeries[],
  ids: readonly number[],
  spans: Spans,
): Promise<Map<number, (number | null)[]>> {
  const [first] = metrics;
  if (!first || ids.length === 0) return new Map();
  const sums = metrics.map(
    (metric, index) => sql`${index > 0 ? sql`,` : sql``} sum(figures[${place(sql, metric)}])`,
  );
  const rows = await sql<{ id: number; sums: (number | null)[] }[]>`
    select object_id as id, json_build_array(${sums}) as sums
    from (${rowsOf(sql, first, spans)}) as rows
    where object_id = any(${[...ids]}::int[])
    group by object_id`;
  return new Map(rows.map((row) => [row.id, row.sums]));
}

async function wasCollected(sql: Sql, of: StoredSeries, spans: Spans): Promise<boolean> {
  const [row] = await sql<{ collected: boolean }[]>`
    select exists (select from (${slotsOf(sql, of, spans)}) as slots where covered_seconds is not null) as collected`;
  return row?.collected ?? false;
}

export function place(sql: Sql, series: StoredSeries) {
  return sql.unsafe(String(series.position + 1));
}

/** Rows of objects in the spans. */
function rowsOf(sql: Sql, of: StoredSeries, spans: Spans) {
  return joinSpans(
    sql,
    of,
    spans,
    (table) => sql`select object_id, figures from ${sql(`history.object_${table}`)}`,
  );
}

function slotsOf(sql: Sql, of: StoredSeries, spans: Spans) {
  return joinSpans(
    sql,
    of,
    spans,
    (table) => sql`select covered_seconds from ${sql(`history.object_slot_${table}`)}`,
  );
}

function joinSpans(
  sql: Sql,
  of: StoredSeries,
  spans: Spans,
  select: (table: "hour" | "raw") => ReturnType<typeof sql>,
) {
  const parts = [
    { table: "hour" as const, span: spans.hour },
    ...spans.raw.map((span) => ({ table: "raw" as const, span })),
  ];
  return parts.map(
    ({ table, span: [from, to] }, index) => sql`${index > 0 ? sql`union all` : sql``} ${select(table)}
      where target_id = ${of.targetId} and sampler_id = ${of.samplerId}
        and slot >= ${new Date(from)} and slot < ${new Date(to)}`,
  );
}
