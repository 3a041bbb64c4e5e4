import type { Sql } from "postgres";
import { rollUpObjectHour } from "./roll-up-objects.ts";
import { type Collecting, rollUpHours, rollUpMinutes } from "./roll-up-totals.ts";

/**
 * One bounded piece of roll-up for every sampler of every target. Idempotent and resumable:
 * how far each came stands beside what it wrote, so a killed run is taken up by the next.
 * @returns whether there may be more to do
 */
export async function rollUp(sql: Sql, now: Date): Promise<boolean> {
  let more = false;
  for (const of of await listCollecting(sql)) {
    if (of.form === "objects") {
      more = (await rollUpObjectHour(sql, of, of.rank, now)) || more;
    } else {
      const minutes = await rollUpMinutes(sql, of, now);
      const hours = await rollUpHours(sql, of);
      more = minutes || hours || more;
    }
  }
  return more;
}

type ListedCollecting = Collecting & { form: "totals" | "objects"; rank: number };

async function listCollecting(sql: Sql): Promise<ListedCollecting[]> {
  return sql<ListedCollecting[]>`
    select c.target_id as "targetId", c.sampler_id as "samplerId", s.form, s.every_seconds as "everySeconds",
           c.since, c.minute_until as "minuteUntil", c.hour_until as "hourUntil", s.rank_position as rank,
           array(select kind from history.series r where r.sampler_id = s.id order by position) as kinds
    from history.collecting c join history.sampler s on s.id = c.sampler_id
    order by c.target_id, c.sampler_id`;
}
