import type { AuditDb } from "../audit-db/types.ts";
import { cannotJudge, defineCheck, type Limits, type ObjectState, stateAt } from "../check.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import type { Observed } from "../result.ts";
import { counted } from "../words.ts";
import { countQuarantined, type QuarantinedBy } from "./count-quarantined.ts";

interface Quarantined {
  user: string;
  /** Null where our role may not read the quarantine. */
  waiting: QuarantinedBy[] | null;
}

/** SQLSTATE of a table or column that the role may not read. */
const insufficientPrivilege = "42501";

/** Events in audit_quarantine that nobody has resolved; of a database with our schema alone. */
export const quarantined = defineCheck({
  id: "events.quarantined",
  source: "audit_quarantine",
  why: "Any event there is one that audit_log could not take.",
  title: "Quarantined events",
  unit: "count",
  path: "events?view=quarantine",
  runbook:
    "audit_log could not take these events: an unknown retention policy, no partition for their time, or a time too far ahead. Nothing is lost; they stand in audit_quarantine with their reason. Make the partition or correct the policy, then replay them from Events.",
  needs: "The audit schema, and SELECT on audit_quarantine (audit_reader).",
  guarded: true,
  thresholds: { warning: 1, critical: null, direction: "rising" },
  async evaluate({ audit }, limitsFor) {
    const { data } = await readQuarantined(audit);
    if (data === null) return { objects: [], complete: true };
    if (data.waiting === null) {
      const reason = `${data.user} may not read audit_quarantine.`;
      const enable = `GRANT audit_reader TO ${quoteIdentifier(data.user)};`;
      return cannotJudge("The quarantine cannot be read.", { code: "no_grant", reason, enable });
    }
    return { objects: [judgeQuarantined(data.waiting, limitsFor({ kind: "target" }))], complete: true };
  },
});

function readQuarantined(audit: AuditDb): Promise<Observed<Quarantined | null>> {
  return audit.read<Quarantined | null>({
    name: "events.quarantine",
    ttlMs: 30_000,
    source: "audit_quarantine",
    run: async (sql, server) => {
      if (!server.hasAuditSchema) return null;
      try {
        return { user: server.user, waiting: await countQuarantined(sql) };
      } catch (thrown) {
        if ((thrown as { code?: unknown }).code !== insufficientPrivilege) throw thrown;
        return { user: server.user, waiting: null };
      }
    },
  });
}

function judgeQuarantined(waiting: readonly QuarantinedBy[], threshold: Limits): ObjectState {
  const open = waiting.reduce((sum, { count }) => sum + count, 0);
  const reasons = waiting.map(({ reason }) => reason.replaceAll("_", " ")).join(", ");
  const why = reasons && ` (${reasons})`;
  const oldest = waiting.length > 0 ? Math.min(...waiting.map((each) => each.oldest.getTime())) : null;
  return {
    object: { kind: "target" },
    state: stateAt(open, threshold),
    value: open,
    threshold,
    since: oldest === null ? null : new Date(oldest),
    words: {
      title: `${counted(open, "event")} ${open === 1 ? "waits" : "wait"} in quarantine${why}.`,
      detail:
        "audit_log could not take them: an unknown retention policy, no partition for their time, or a time too far ahead. Nothing is lost; make the partition or correct the policy, then resolve them.",
    },
  };
}
