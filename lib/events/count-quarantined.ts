import type { Sql } from "postgres";
import type { QuarantineReason } from "../audit-db/append/appended.ts";

/** Events that wait, by why they do. */
export interface QuarantinedBy {
  reason: QuarantineReason;
  count: number;
  oldest: Date;
}

/** What waits in audit_quarantine: the page and the check ask with the same statement, under the same name. */
export async function countQuarantined(sql: Sql): Promise<QuarantinedBy[]> {
  return [
    ...(await sql<QuarantinedBy[]>`
      select reason, count(*)::int as count, min(quarantined_at) as oldest
      from public.audit_quarantine where resolved_at is null group by reason order by reason`),
  ];
}
