import type { Sql } from "postgres";
import type { StoredSeries } from "./find-series.ts";
import type { Spans } from "./object-spans.ts";

/** Where a metric stands in `figures`. */
export function place(sql: Sql, series: StoredSeries) {
  return sql.unsafe(String(series.position + 1));
}

/** Rows of objects in the spans. */
export function rowsOf(sql: Sql, of: StoredSeries, spans: Spans) {
  const parts = [
    { table: "hour" as const, span: spans.hour },
    ...spans.raw.map((span) => ({ table: "raw" as const, span })),
  ];
  return parts.map(
    ({ table, span: [from, to] }, index) => sql`${index > 0 ? sql`union all` : sql``}
      select object_id, figures from ${sql(`history.object_${table}`)}
      where target_id = ${of.targetId} and sampler_id = ${of.samplerId}
        and slot >= ${new Date(from)} and slot < ${new Date(to)}`,
  );
}

/** What each object's metrics grew by over the spans: id → sums in the order of the metrics. */
export async function sumGrowth(
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

/** What the counters of all objects grew by over the spans. */
export async function sumAll(
  sql: Sql,
  metrics: readonly StoredSeries[],
  spans: Spans,
): Promise<Record<string, number | null>> {
  const counters = metrics.filter(({ kind }) => kind === "counter");
  const [first] = counters;
  if (!first) return {};
  const sums = counters.map(
    (metric, index) => sql`${index > 0 ? sql`,` : sql``} sum(figures[${place(sql, metric)}])`,
  );
  const [row] = await sql<{ sums: (number | null)[] }[]>`
    select json_build_array(${sums}) as sums from (${rowsOf(sql, first, spans)}) as rows`;
  return Object.fromEntries(counters.map(({ name }, index) => [name, row?.sums[index] ?? null]));
}
