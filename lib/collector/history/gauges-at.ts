import type { Sql } from "postgres";
import { rawKeepSeconds } from "../retention.ts";
import type { StoredSeries } from "./find-series.ts";

/**
 * Last values of kept objects before a moment, by object id, in the order of `metrics`: everything told since
 * the newest keyframe. Empty without gauges, or when nothing was collected in the day before.
 */
export async function gaugesAt(
  sql: Sql,
  metrics: readonly StoredSeries[],
  ids: readonly number[] | null,
  atMs: number,
  now: number,
): Promise<Map<number, (number | null)[]>> {
  const [first] = metrics;
  if (!first || !metrics.some((metric) => metric.kind === "gauge")) return new Map();
  const tier = atMs > now - rawKeepSeconds * 1_000 ? "raw" : "hour";
  const [keyframe] = await sql<{ slot: Date | null }[]>`
    select max(slot) as slot from ${sql(`history.object_slot_${tier}`)}
    where target_id = ${first.targetId} and sampler_id = ${first.samplerId} and keyframe
      and slot >= ${new Date(atMs - 90_000_000)} and slot < ${new Date(atMs)}`;
  if (!keyframe?.slot) return new Map();
  const rows = await sql<{ id: number; figures: (number | null)[] }[]>`
    select distinct on (object_id) object_id as id, to_json(figures) as figures from ${sql(`history.object_${tier}`)}
    where target_id = ${first.targetId} and sampler_id = ${first.samplerId}
      and slot >= ${keyframe.slot} and slot < ${new Date(atMs)}
      and (${ids === null} or object_id = any(${[...(ids ?? [])]}::int[]))
    order by object_id, slot desc`;
  return new Map(rows.map((row) => [row.id, metrics.map((metric) => row.figures[metric.position] ?? null)]));
}
