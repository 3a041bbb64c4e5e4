import type { Sql } from "postgres";
import type { TimeRange } from "../types.ts";
import { findSeries } from "./find-series.ts";

/** Answers `History.peaks`: four weeks are 672 rows, 3 ms. */
export async function readPeaks(
  sql: Sql,
  target: string,
  name: string,
  range: TimeRange,
): Promise<{ hours: [at: number, peak: number][]; collectingSince: Date | null }> {
  const series = (await findSeries(sql, target, [name])).get(name);
  if (!series || series.targetId === null) return { hours: [], collectingSince: null };
  const rows = await sql<{ slot: Date; peak: number }[]>`
    select slot, highs[${series.position + 1}::int] as peak from history.total_hour
    where target_id = ${series.targetId} and sampler_id = ${series.samplerId}
      and slot >= ${range.from} and slot < ${range.to} and highs[${series.position + 1}::int] is not null
    order by slot`;
  return { hours: rows.map(({ slot, peak }) => [slot.getTime(), peak]), collectingSince: series.since };
}
