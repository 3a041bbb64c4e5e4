import type { ConsoleDb } from "../db/console-db.ts";

/** How the console's own audit events get on towards one target. */
export interface AuditDelivery {
  target: string;
  pending: number;
  delivered: number;
  /** Not applicable: no writer connection, no schema of ours, or no such target any more. */
  notApplicable: number;
  oldestPendingAt: Date | null;
  lastDeliveredAt: Date | null;
  /** Why the newest failing or not applicable event was not delivered. */
  lastError: string | null;
}

/** One row a target that ever had an event on its way. */
export async function getAuditDelivery({ sql }: ConsoleDb): Promise<AuditDelivery[]> {
  return await sql<AuditDelivery[]>`
    select target,
      count(*) filter (where state = 'pending')::int as pending,
      count(*) filter (where state = 'delivered')::int as delivered,
      count(*) filter (where state = 'not_applicable')::int as "notApplicable",
      min(created_at) filter (where state = 'pending') as "oldestPendingAt",
      max(settled_at) filter (where state = 'delivered') as "lastDeliveredAt",
      (array_agg(last_error order by id desc) filter (where last_error is not null and state <> 'delivered'))[1]
        as "lastError"
    from outbox
    group by target
    order by target`;
}
