import type { Sql } from "postgres";
import type { TargetEvent, TimeRange } from "../types.ts";

const maxEvents = 500;

/** Answers `History.events`: what overlaps the range, newest first, at most 500. */
export async function readEvents(sql: Sql, target: string, range: TimeRange): Promise<TargetEvent[]> {
  const events = await sql<TargetEvent[]>`
    select at, ended_at as "endedAt", kind, severity, title, detail
    from history.target_event
    where target = ${target} and at < ${range.to}
      and (at >= ${range.from} or ended_at >= ${range.from} or (ended_at is null and kind = 'outage'))
    order by at desc, id desc
    limit ${maxEvents}`;
  return [...events];
}
