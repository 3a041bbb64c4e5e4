import type { Sql } from "postgres";
import { othersKey, type TimeRange } from "../types.ts";
import type { StoredSeries } from "./find-series.ts";
import { gaugesAt } from "./gauges-at.ts";
import { place, rowsOf } from "./object-figures.ts";
import type { Spans } from "./object-spans.ts";

interface RankedObject {
  id: number;
  key: string;
}

/** The objects that grew most by `order` over the spans, or held most at their end; "others" last. */
export async function rankObjects(
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
