import type { AuditDb } from "../types.ts";

export interface Fence {
  retentionPolicy: string;
  /** Inclusive. */
  lower: Date;
  /** Exclusive. */
  upper: Date;
  /** Why, for whoever finds an event in quarantine. */
  reason: string;
}

/**
 * Closes a range to appends: from when this returns no event enters it, whatever was under way; late ones wait in
 * quarantine as `fenced`. The fence is committed first; then a SHARE lock on the parent, taken and given back at
 * once, waits for every insert that began before and might not have seen it. An insert locks the parent before it
 * takes its snapshot, so whichever comes after sees the fence.
 * @throws AppError UNSUPPORTED without a maintenance connection; a driver error 55P03 when the lock was not to be had
 * in time: the fence stands then, and calling again completes it
 */
export async function setFence(audit: Pick<AuditDb, "use">, fence: Fence): Promise<void> {
  await audit.use("maintenance", "engine.set_fence", async (sql) => {
    await sql`
      insert into public.audit_fence (retention_policy, lower, upper, reason)
      values (${fence.retentionPolicy}, ${fence.lower}, ${fence.upper}, ${fence.reason})
      on conflict (retention_policy, lower) do update set upper = excluded.upper, reason = excluded.reason`;
    // Two statements in one message are one transaction, which LOCK TABLE demands.
    await sql.unsafe("lock table only public.audit_log in share mode; select 1");
  });
}

/** Opens a range again. @returns whether there was such a fence */
export function removeFence(
  audit: Pick<AuditDb, "use">,
  { retentionPolicy, lower }: Pick<Fence, "retentionPolicy" | "lower">,
): Promise<boolean> {
  return audit.use("maintenance", "engine.remove_fence", async (sql) => {
    const { count } = await sql`
      delete from public.audit_fence where retention_policy = ${retentionPolicy} and lower = ${lower}`;
    return count > 0;
  });
}
