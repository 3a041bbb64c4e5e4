import type { Sql } from "postgres";
import type { Unit } from "../types.ts";

/** A series as it is stored, on one target. */
export interface StoredSeries {
  name: string;
  kind: "gauge" | "counter";
  unit: Unit;
  position: number;
  samplerId: number;
  targetId: number | null;
  everySeconds: number;
  since: Date | null;
  newestAt: Date | null;
  minuteUntil: Date | null;
  hourUntil: Date | null;
}

/** Finds series by name; one that was redefined is found as it is now. Unknown names are left out. */
export async function findSeries(
  sql: Sql,
  target: string,
  names: readonly string[],
  sampler?: string,
): Promise<Map<string, StoredSeries>> {
  const rows = await sql<StoredSeries[]>`
    select r.name, r.kind, r.unit, r.position, r.sampler_id as "samplerId", t.id as "targetId",
           s.every_seconds as "everySeconds", c.since, c.newest_at as "newestAt",
           c.minute_until as "minuteUntil", c.hour_until as "hourUntil"
    from history.series r
    join history.sampler s on s.id = r.sampler_id
    left join history.target t on t.name = ${target}
    left join history.collecting c on c.target_id = t.id and c.sampler_id = s.id
    where r.name = any(${[...names]}::text[])
      and case when ${sampler ?? null}::text is null then s.form = 'totals'
               else s.form = 'objects' and s.name = ${sampler ?? null} end
    order by c.newest_at nulls first, r.sampler_id, r.position`;
  return new Map(rows.map((row) => [row.name, row]));
}

export function earliest(dates: readonly (Date | null)[]): Date | null {
  const known = dates.flatMap((date) => (date ? [date.getTime()] : []));
  return known.length > 0 ? new Date(Math.min(...known)) : null;
}

export function latest(dates: readonly (Date | null)[]): Date | null {
  const known = dates.flatMap((date) => (date ? [date.getTime()] : []));
  return known.length > 0 ? new Date(Math.max(...known)) : null;
}

/** A counter's unit as its rate is shown. */
export function shownUnit(series: Pick<StoredSeries, "kind" | "unit">): Unit {
  if (series.kind === "gauge") return series.unit;
  const rates: Partial<Record<Unit, Unit>> = {
    count: "perSecond",
    bytes: "bytesPerSecond",
    ms: "msPerSecond",
    seconds: "ratio",
  };
  return rates[series.unit] ?? series.unit;
}
