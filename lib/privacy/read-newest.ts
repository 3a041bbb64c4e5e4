import type { AuditDb } from "../audit-db/types.ts";
import { requireAccess } from "../audit-log/check-access.ts";
import type { PolicyFacts } from "./floor.ts";

/** What decides when a key may go. */
export type FloorFacts = Pick<PolicyFacts, "target" | "policy" | "newest" | "floorDays" | "quarantined">;

/**
 * The newest event under a token in one policy and that policy's row, as `readPolicyFacts` has them of all: with the policy
 * as a value that policy's branch alone is planned, which is most of what the other costs (400 ms at 4 × 60 partitions).
 * @throws as `readPolicyFacts`
 */
export function readNewest(
  audit: Pick<AuditDb, "use" | "target">,
  token: string,
  policy: string,
): Promise<FloorFacts[]> {
  return audit.use("read", "privacy.newest", async (sql) => {
    await requireAccess(sql);
    const [found] = await sql<{ newest: Date | null; floorDays: number | null; quarantined: number }[]>`
      select greatest(
               (select max(occurred_at) from public.audit_log
                where retention_policy = ${policy} and actor_token = ${token}),
               (select max(occurred_at) from public.audit_log
                where retention_policy = ${policy} and target_token = ${token}),
               waiting.newest) as newest,
             waiting.events as quarantined,
             (select floor_days from public.retention_policy where name = ${policy}) as "floorDays"
      from (
        select max(occurred_at) as newest, count(*)::int as events from public.audit_quarantine
        where resolved_at is null and ${token} in (actor_token, target_token)
      ) waiting`;
    if (!found?.newest) return [];
    return [{ ...found, newest: found.newest, target: audit.target, policy }];
  });
}
