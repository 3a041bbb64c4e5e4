import type { Sql } from "postgres";
import type { TotalsSampler } from "../types.ts";
import { type Catalogue, definitionsOf } from "./catalogue.ts";

export interface TotalsWrite {
  target: string;
  sampler: TotalsSampler;
  /** Start of the slot, epoch milliseconds. */
  slot: number;
  /** When the sample was taken, epoch milliseconds. */
  at: number;
  values: Record<string, number | null>;
  countsSince: Date | null;
}

/**
 * Stores one sample of totals.
 * @returns false when the slot has its sample already: then another leader took it, and nothing is changed.
 */
export async function writeTotals(sql: Sql, catalogue: Catalogue, write: TotalsWrite): Promise<boolean> {
  const sampler = { form: "totals" as const, ...write.sampler };
  const [targetId, place] = await Promise.all([catalogue.target(write.target), catalogue.sampler(sampler)]);
  const figures: (number | null)[] = new Array(place.width).fill(null);
  definitionsOf(sampler).forEach((definition, index) => {
    figures[place.positions[index] ?? -1] = finite(write.values[definition.name]);
  });
  const slot = new Date(write.slot);
  const at = new Date(write.at);
  const [stored] = await sql<{ written: boolean }[]>`
    with written as (
      insert into history.total_raw (slot, at, counts_since, target_id, sampler_id, figures)
      values (${slot}, ${at}, ${write.countsSince}, ${targetId}, ${place.samplerId},
              (select array_agg(v::text::float8 order by n)
               from jsonb_array_elements_text(${sql.json(figures)}) with ordinality as f (v, n)))
      on conflict do nothing
      returning 1
    ), noted as (
      insert into history.collecting (target_id, sampler_id, since, newest_slot, newest_at)
      select ${targetId}::smallint, ${place.samplerId}::smallint, ${slot}::timestamptz, ${slot}::timestamptz, ${at}::timestamptz from written
      on conflict (target_id, sampler_id) do update
        set newest_slot = greatest(history.collecting.newest_slot, excluded.newest_slot),
            newest_at = greatest(history.collecting.newest_at, excluded.newest_at)
    )
    select exists (select from written) as written`;
  return stored?.written ?? false;
}

/** NaN and the infinities are no measurements. */
export function finite(value: number | null | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
