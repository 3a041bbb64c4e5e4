import type { AuditDb } from "../types.ts";
import type { QuarantineReason } from "./appended.ts";

/** An event that audit_log cannot take yet. People in it stay ciphertext here too. */
export interface QuarantinedEvent {
  id: string;
  occurredAt: Date;
  retentionPolicy: string;
  organizationId: string;
  action: string;
  reason: QuarantineReason;
  quarantinedAt: Date;
}

/**
 * What waits in audit_quarantine, the longest-waiting first, without what restricted people stand in. Needs the read
 * connection (role audit_reader).
 */
export async function listQuarantine(
  audit: Pick<AuditDb, "use" | "restrictedTokens">,
  limit = 200,
): Promise<QuarantinedEvent[]> {
  const restricted = JSON.stringify(await audit.restrictedTokens());
  return audit.use("read", "engine.list_quarantine", async (sql) => [
    ...(await sql<QuarantinedEvent[]>`
      select id, occurred_at as "occurredAt", retention_policy as "retentionPolicy",
             organization_id as "organizationId", action, reason, quarantined_at as "quarantinedAt"
      from public.audit_quarantine
      where resolved_at is null
        and (actor_token is null or actor_token not in (select jsonb_array_elements_text(${restricted}::text::jsonb)))
        and (target_token is null or target_token not in (select jsonb_array_elements_text(${restricted}::text::jsonb)))
      order by quarantined_at, id limit ${limit}`),
  ]);
}
