import type { Sql } from "postgres";
import type { WaitingHold } from "../../check.ts";

/** Holds that are not in force yet, the longest-waiting first. At most 1,000. */
export async function listWaitingHolds(sql: Sql): Promise<WaitingHold[]> {
  const rows = await sql<WaitingHold[]>`
    select number::int, name, placed_at as "placedAt",
           (select count(*)::int from effect
            where state in ('intended', 'unknown')
              and id in (select jsonb_array_elements_text(awaits)::uuid)) as awaits
    from legal_hold where state = 'placing' order by placed_at, number limit 1000`;
  return [...rows];
}
