import type { AuditDb } from "../../audit-db/types.ts";
import { requireAccess } from "../../audit-log/check-access.ts";
import { dayMs, type PolicyFacts } from "./floor.ts";

/** What decides when a key may go. */
export type FloorFacts = Pick<PolicyFacts, "target" | "policy" | "newest" | "floorDays" | "quarantined">;

/**
 * The newest event under a token in one policy that its floor keeps now, with that policy's row; none where nothing is kept.
 * What is older than a floor decides nothing, so no partition of before it is planned: at 60 of them that is most of what
 * `readPolicyFacts` costs. A policy that the target does not know keeps all that stands under it.
 * @param now the moment at which the floor is judged
 * @throws as `readPolicyFacts`
 */
export function readNewest(
  audit: Pick<AuditDb, "use" | "target">,
  token: string,
  policy: string,
  now: Date = new Date(),
): Promise<FloorFacts[]> {
  return audit.use("read", "privacy.newest", async (sql) => {
    const [, [known]] = await Promise.all([
      requireAccess(sql),
      sql<{ floorDays: number | null; newest: Date | null; quarantined: number }[]>`
        select (select floor_days from public.retention_policy where name = ${policy}) as "floorDays",
               max(occurred_at) as newest, count(*)::int as quarantined
        from public.audit_quarantine where resolved_at is null and ${token} in (actor_token, target_token)`,
    ]);
    const floorDays = known?.floorDays ?? null;
    const after = floorDays === null ? null : new Date(now.getTime() - floorDays * dayMs);
    const kept = after === null ? sql`` : sql`and occurred_at > ${after}`;
    // By order and limit: max() is planned twice.
    const [stored] = await sql<{ newest: Date | null }[]>`
      select greatest(
        (select occurred_at from public.audit_log
         where retention_policy = ${policy} and actor_token = ${token} ${kept} order by occurred_at desc limit 1),
        (select occurred_at from public.audit_log
         where retention_policy = ${policy} and target_token = ${token} ${kept} order by occurred_at desc limit 1)
      ) as newest`;
    const newest = latest(known?.newest, stored?.newest);
    if (newest === null || (after !== null && newest <= after)) return [];
    return [{ target: audit.target, policy, newest, floorDays, quarantined: known?.quarantined ?? 0 }];
  });
}

function latest(...times: readonly (Date | null | undefined)[]): Date | null {
  const known = times.filter((time) => time instanceof Date);
  return known.length === 0 ? null : new Date(Math.max(...known.map((time) => time.getTime())));
}
