import type { AuditDb } from "../audit-db/types.ts";
import { counted, type Finding } from "../finding.ts";

interface Quarantine {
  readable: boolean;
  user: string;
  open: number;
  oldest: Date | null;
  reasons: string | null;
}

/** Events in audit_quarantine that nobody has resolved; none without our schema. */
export async function getQuarantineFindings(audit: AuditDb): Promise<Finding[]> {
  const { data } = await audit.read<Quarantine | null>({
    name: "events.quarantine",
    ttlMs: 30_000,
    source: "audit_quarantine",
    run: async (sql, server) => {
      if (!server.hasAuditSchema) return null;
      const [grant] = await sql<{ readable: boolean | null }[]>`
        select has_column_privilege(to_regclass('public.audit_quarantine'), 'quarantined_at', 'SELECT') as readable`;
      if (!grant?.readable)
        return { readable: false, user: server.user, open: 0, oldest: null, reasons: null };
      const [row] = await sql<Omit<Quarantine, "readable" | "user">[]>`
        select count(*)::float8 as open, min(quarantined_at) as oldest, string_agg(distinct reason, ', ') as reasons
        from public.audit_quarantine where resolved_at is null`;
      return { readable: true, user: server.user, ...(row ?? { open: 0, oldest: null, reasons: null }) };
    },
  });
  if (data === null) return [];
  if (!data.readable) {
    const reason = `${data.user} may not read audit_quarantine.`;
    const enable = `GRANT audit_reader TO "${data.user.replaceAll('"', '""')}";`;
    return [
      {
        check: "events.quarantined",
        severity: "notice",
        title: "Whether events are quarantined may not be seen.",
        detail: reason,
        path: "settings/targets",
        unavailable: { code: "no_grant", reason, enable },
      },
    ];
  }
  if (data.open === 0) return [];
  return [
    {
      check: "events.quarantined",
      severity: "warning",
      title: `${counted(data.open, "event")} ${data.open === 1 ? "waits" : "wait"} in quarantine (${data.reasons?.replaceAll("_", " ")}).`,
      detail:
        "audit_log could not take them: an unknown retention policy, no partition for their time, or a time too far ahead. Nothing is lost; make the partition or correct the policy, then resolve them.",
      ...(data.oldest && { since: data.oldest }),
      path: "events?view=quarantine",
    },
  ];
}
