import { sql } from "drizzle-orm";
import type { ConsoleDb } from "../db/console-db.ts";

/** Closed incidents with their timelines are kept so long: a year can be compared with the one before. */
const incidentsKeptDays = 400;
/** A target that nobody evaluated for so long is configured no more. */
const unwatchedDays = 30;

/**
 * Drops incidents that were closed long ago, spans of then, and alerts that nothing tells of any more. What still stands
 * of a target that is configured no more is over: its incidents are closed and say so.
 */
export async function pruneIncidents(db: ConsoleDb["db"], now: Date): Promise<void> {
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
  const [old, unwatched] = [daysAgo(incidentsKeptDays), daysAgo(unwatchedDays)];
  const nobodyLooks = (target: "alert" | "incident") => sql`
    not exists (select from check_evaluation where check_evaluation.target = ${sql.identifier(target)}.target)`;
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      update incident
      set state = 'closed', condition = 'normal', firing = 0, closed_at = ${now.toISOString()}::timestamptz,
          close_reason = 'Its target is watched no more.', acknowledged_at = null, acknowledged_until = null,
          snoozed_until = null, covered = null, unconfirmed_since = null, version = version + 1,
          changed_at = ${now.toISOString()}::timestamptz
      where state <> 'closed' and changed_at < ${unwatched}::timestamptz and ${nobodyLooks("incident")}`);
    await tx.execute(sql`
      update alert set condition = 'normal', severity = null, unconfirmed = null, unconfirmed_since = null
      where condition <> 'normal' and seen_at < ${unwatched}::timestamptz and ${nobodyLooks("alert")}`);
    await tx.execute(sql`delete from incident where state = 'closed' and closed_at < ${old}::timestamptz`);
    await tx.execute(sql`delete from alert_span where ended_at < ${old}::timestamptz`);
    await tx.execute(sql`delete from alert where condition = 'normal' and incident_id is null`);
  });
}
