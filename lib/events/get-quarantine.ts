import { listQuarantine, type QuarantinedEvent } from "../audit-db/append/list-quarantine.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { checkAccess } from "../audit-log/check-access.ts";
import type { Observed } from "../result.ts";
import { countQuarantined, type QuarantinedBy } from "./count-quarantined.ts";

export interface Quarantine {
  counts: QuarantinedBy[];
  /** The longest-waiting first, at most 200; without those of restricted people, who are counted all the same. */
  events: QuarantinedEvent[];
  /** Whether somebody here could move them on. */
  canReplay: boolean;
}

/** What waits in audit_quarantine. Needs the read connection (role audit_reader). */
export async function getQuarantine(
  audit: Pick<AuditDb, "use" | "server" | "can" | "restrictedTokens">,
): Promise<Observed<Quarantine>> {
  const observedAt = new Date();
  const unavailable = await audit.use("read", "events.access", (sql) => checkAccess(sql));
  const counts = unavailable ? [] : await audit.use("read", "events.quarantine", countQuarantined);
  const events = counts.length === 0 ? [] : await listQuarantine(audit);
  return {
    data: { counts, events, canReplay: audit.can("maintenance") },
    observedAt,
    source: "audit_quarantine",
    ...(unavailable && { unavailable }),
  };
}
