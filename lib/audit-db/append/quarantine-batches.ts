import type { AuditDb } from "../types.ts";
import { uuidArray } from "./replay-quarantine.ts";

/** Where an event stands in the order in which the quarantine is emptied. */
export interface QuarantinePlace {
  /** When it came there: text of PostgreSQL's, with its microseconds. */
  at: string;
  id: string;
}

/** What there is to move when the work begins: what comes later is not waited for. */
export function measureQuarantine(audit: Pick<AuditDb, "use">): Promise<{ until: string; waiting: number }> {
  return audit.use("maintenance", "engine.measure_quarantine", async (sql) => {
    const [row] = await sql<{ until: string; waiting: number }[]>`
      select now()::text as until, count(*)::int as waiting
      from public.audit_quarantine where resolved_at is null`;
    return row ?? { until: "-infinity", waiting: 0 };
  });
}

/** The next that wait, the longest-waiting first. @param after the last of the batch before */
export function listWaiting(
  audit: Pick<AuditDb, "use">,
  { after, until, limit }: { after: QuarantinePlace | null; until: string; limit: number },
): Promise<QuarantinePlace[]> {
  const { at, id } = after ?? { at: "-infinity", id: "00000000-0000-0000-0000-000000000000" };
  return audit.use("maintenance", "engine.list_waiting", async (sql) => [
    ...(await sql<QuarantinePlace[]>`
      select quarantined_at::text as at, id from public.audit_quarantine
      where resolved_at is null and quarantined_at <= ${until}::timestamptz
        and (quarantined_at, id) > (${at}::timestamptz, ${id}::uuid)
      order by quarantined_at, id limit ${limit}`),
  ]);
}

/** How those of these were settled that wait no longer. */
export function listSettled(
  audit: Pick<AuditDb, "use">,
  ids: readonly string[],
): Promise<{ id: string; outcome: "stored" | "duplicate" }[]> {
  return audit.use("maintenance", "engine.list_settled", async (sql) => [
    ...(await sql<{ id: string; outcome: "stored" | "duplicate" }[]>`
      select id, case resolution when 'replayed' then 'stored' else 'duplicate' end as outcome
      from public.audit_quarantine where id = any(${uuidArray(ids)}::uuid[]) and resolved_at is not null`),
  ]);
}
