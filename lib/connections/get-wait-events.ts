import type { AuditDb } from "../audit-db/types.ts";
import type { Observed } from "../result.ts";
import type { WaitEventCount } from "./types.ts";
import { ownSession, readVisibleSessions } from "./visible-sessions.ts";

/**
 * What sessions wait for at this moment, from pg_stat_activity, most first. Idle server processes (type
 * Activity) are left out; an active session that waits for nothing counts under type null (on the CPU).
 */
export function getWaitEvents(
  audit: AuditDb,
  options: { hideOwn: boolean },
): Promise<Observed<WaitEventCount[]>> {
  return readVisibleSessions<WaitEventCount>(audit, {
    name: "connections.waits",
    key: [options.hideOwn],
    run: async (sql) => {
      const events = await sql<WaitEventCount[]>`
        select wait_event_type as type, wait_event as event, count(*)::int as count,
               count(*) filter (where state = 'active' and backend_type = 'client backend')::int as active
        from pg_stat_activity
        where (wait_event_type is not null or state = 'active')
          and wait_event_type is distinct from 'Activity'
          and pid <> pg_backend_pid()
          and not (${ownSession(sql, audit)} and ${options.hideOwn})
        group by 1, 2
        order by count(*) desc, 1, 2
        limit 200`;
      return [...events];
    },
  });
}
