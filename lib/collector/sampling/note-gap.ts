import type { Sql } from "postgres";
import { recordEvent } from "./record-event.ts";

/** Shorter pauses are a change of leader, not worth an event. */
const leastSeconds = 60;

/**
 * Records that nobody collected before the sample of `slot`, unless the target was down then: that is
 * told by its outage. Called once by a leader, on its first sample.
 */
export async function noteGap(sql: Sql, target: string, sampler: string, slot: number): Promise<void> {
  const [gap] = await sql<{ from: Date | null; down: boolean }[]>`
    with gap as (
      select greatest(
        (select max(r.at) from history.total_raw r
         where r.target_id = t.id and r.sampler_id = s.id and r.slot < ${new Date(slot)}),
        (select max(r.at) from history.object_slot_raw r
         where r.target_id = t.id and r.sampler_id = s.id and r.slot < ${new Date(slot)})) as "from"
      from history.target t, history.sampler s
      where t.name = ${target} and s.name = ${sampler}
    )
    select "from", exists (
      select from history.target_event e
      where e.target = ${target} and e.kind = 'outage'
        and e.at < ${new Date(slot)} and coalesce(e.ended_at, 'infinity') > gap."from") as down
    from gap`;
  if (!gap?.from || gap.down || slot - gap.from.getTime() < leastSeconds * 1_000) return;
  await recordEvent(sql, target, {
    at: gap.from,
    endedAt: new Date(slot),
    kind: "collector",
    severity: "info",
    title: "Nothing was collected: no worker was running",
    detail: { seconds: Math.round((slot - gap.from.getTime()) / 1_000) },
  });
}
