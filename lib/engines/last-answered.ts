import type { Sql } from "postgres";

/**
 * When a target last answered, from what the console remembers: its newest sample, or the beginning of the outage that is
 * on record still, whichever is later. Null when nothing was ever sampled.
 */
export async function findLastAnswered(sql: Sql, target: string): Promise<Date | null> {
  const [row] = await sql<{ at: Date | null }[]>`
    select greatest(
      (select max(c.newest_at) from history.collecting c join history.target t on t.id = c.target_id
       where t.name = ${target}),
      (select at from history.target_event
       where target = ${target} and kind = 'outage' and ended_at is null)) as at`;
  return row?.at ?? null;
}
