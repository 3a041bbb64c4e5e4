import { sql } from "drizzle-orm";
import type { ConsoleDb } from "../db/console-db.ts";

/** From their end on: who kept what from being told is asked for at the yearly audit. */
export const silencesKeptDays = 365;

/**
 * Drops silences that ended long ago, unless the timeline of an incident that is kept still tells of them, and
 * maintenance windows that were once and long ago. One that recurs stays until somebody removes it.
 */
export async function pruneSilences(db: ConsoleDb["db"], now: Date): Promise<void> {
  const old = new Date(now.getTime() - silencesKeptDays * 86_400_000).toISOString();
  await db.execute(sql`
    delete from silence
    where coalesce(
        ended_at,
        ends_at,
        -- Until its incident resolved, and that is pruned itself.
        case when not exists (select from incident where incident.id = silence.incident_id) then created_at end
      ) < ${old}::timestamptz
      and not exists (
        select from incident_event
        where incident_event.kind in ('silenced', 'unsilenced')
          and incident_event.facts ->> 'silence' = silence.id::text)`);
  await db.execute(sql`delete from maintenance_window where ends_at < ${old}::timestamptz`);
}
