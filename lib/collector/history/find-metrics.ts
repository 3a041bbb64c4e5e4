import type { Sql } from "postgres";
import type { StoredSeries } from "./find-series.ts";

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
