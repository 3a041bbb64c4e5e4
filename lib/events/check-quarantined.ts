import type { AuditDb } from "../audit-db/types.ts";
import { cannotJudge, defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import type { Observed } from "../result.ts";
import { counted } from "../words.ts";

interface Quarantined {
  readable: boolean;
  user: string;
  open: number;
  oldest: Date | null;
  reasons: string | null;
}

/** Events in audit_quarantine that nobody has resolved; of a database with our schema alone. */
export const quarantined = defineCheck({
  id: "events.quarantined",
  title: "Quarantined events",
  unit: "count",
  path: "events?view=quarantine",
  runbook:
    "audit_log could not take these events: an unknown retention policy, no partition for their time, or a time too far ahead. Nothing is lost; they stand in audit_quarantine with their reason. Make the partition or correct the policy, then replay them from Events.",
  needs: "The audit schema, and SELECT on audit_quarantine (audit_reader).",
  thresholds: { warning: 1, critical: null, direction: "rising" },
  async evaluate({ audit }, limitsFor) {
    const { data } = await readQuarantined(audit);
    if (data === null) return { objects: [], complete: true };
    if (!data.readable) {
      const reason = `${data.user} may not read audit_quarantine.`;
      const enable = `GRANT audit_reader TO ${quoteIdentifier(data.user)};`;
      return cannotJudge("The quarantine cannot be read.", { code: "no_grant", reason, enable });
    }
    return { objects: [judgeQuarantined(data, limitsFor({ kind: "target" }))], complete: true };
  },
});

function readQuarantined(audit: AuditDb): Promise<Observed<Quarantined | null>> {
  return audit.read<Quarantined | null>({
    name: "events.quarantine",
    ttlMs: 30_000,
    source: "audit_quarantine",
    run: async (sql, server) => {
      if (!server.hasAuditSchema) return null;
      const [grant] = await sql<{ readable: boolean | null }[]>`
        select has_column_privilege(to_regclass('public.audit_quarantine'), 'quarantined_at', 'SELECT') as readable`;
      if (!grant?.readable)
        return { readable: false, user: server.user, open: 0, oldest: null, reasons: null };
      const [row] = await sql<Omit<Quarantined, "readable" | "user">[]>`
        select count(*)::float8 as open, min(quarantined_at) as oldest, string_agg(distinct reason, ', ') as reasons
        from public.audit_quarantine where resolved_at is null`;
      return { readable: true, user: server.user, ...(row ?? { open: 0, oldest: null, reasons: null }) };
    },
  });
}

function judgeQuarantined({ open, oldest, reasons }: Quarantined, threshold: Limits): ObjectState {
  const why = reasons ? ` (${reasons.replaceAll("_", " ")})` : "";
  return {
    object: { kind: "target" },
    state: stateAt(open, threshold),
    value: open,
    threshold,
    since: oldest,
    words: {
      title: `${counted(open, "event")} ${open === 1 ? "waits" : "wait"} in quarantine${why}.`,
      detail:
        "audit_log could not take them: an unknown retention policy, no partition for their time, or a time too far ahead. Nothing is lost; make the partition or correct the policy, then resolve them.",
    },
  };
}
