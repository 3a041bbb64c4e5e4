import type { Sql } from "postgres";
import type { TargetEvent } from "../types.ts";

/** Records a happening once, however many leaders noticed it. */
export async function recordEvent(sql: Sql, target: string, event: TargetEvent): Promise<void> {
  await sql`
    insert into history.target_event (target, at, ended_at, kind, severity, title, detail)
    values (${target}, ${event.at}, ${event.endedAt}, ${event.kind}, ${event.severity}, ${event.title},
            ${sql.json(event.detail as never)})
    on conflict do nothing`;
}

/** Opens the target's outage, or finds the one that is open. */
export async function openOutage(
  sql: Sql,
  target: string,
  outage: { since: Date; reason: string; cause: string | null },
): Promise<void> {
  await recordEvent(sql, target, {
    at: outage.since,
    endedAt: null,
    kind: "outage",
    severity: "critical",
    title: `The database cannot be reached: ${outage.reason}`,
    detail: { reason: outage.reason, cause: outage.cause },
  });
}

/** Ends the target's open outage. @returns when it began, or null when none was open. */
export async function endOutage(sql: Sql, target: string, at: Date): Promise<Date | null> {
  const [row] = await sql<{ at: Date }[]>`
    update history.target_event set ended_at = greatest(at, ${at}::timestamptz)
    where target = ${target} and kind = 'outage' and ended_at is null
    returning at`;
  return row?.at ?? null;
}
