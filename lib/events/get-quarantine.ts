import { listQuarantine, type Quarantine } from "../audit-db/append/list-quarantine.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { checkAccess } from "../audit-log/check-access.ts";
import type { Observed } from "../result.ts";

/** What waits in audit_quarantine, the longest-waiting first, and whether somebody here could move it on. */
export async function getQuarantine(
  audit: Pick<AuditDb, "use" | "server" | "can">,
): Promise<Observed<Quarantine & { canReplay: boolean }>> {
  const observedAt = new Date();
  const unavailable = await audit.use("read", "events.access", (sql) => checkAccess(sql));
  const found = unavailable ? { counts: [], events: [] } : await listQuarantine(audit);
  return {
    data: { ...found, canReplay: audit.can("maintenance") },
    observedAt,
    source: "audit_quarantine",
    ...(unavailable && { unavailable }),
  };
}
