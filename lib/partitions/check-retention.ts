import type { AuditDb } from "../audit-db/types.ts";
import {
  type CheckAnswer,
  cannotJudge,
  defineCheck,
  type LimitsFor,
  type ObjectState,
  stateAt,
} from "../check.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import type { Observed } from "../result.ts";
import { counted } from "../words.ts";
import { type JudgedLane, readTables, relationObject } from "./judged-lanes.ts";

interface Ceilings {
  user: string;
  /** Days by policy; null where our role may not read them. */
  days: Record<string, number> | null;
}

const dayMs = 86_400_000;

/** Partitions that are older than their policy lets events become. */
export const retentionOverdue = defineCheck({
  id: "partitions.retention_overdue",
  title: "Retention overdue",
  source: "retention_policy.ceiling_days, bounds of partitions",
  why: "The ceiling is a promise: what is a day past it is overdue. A month is more than a weekly job that failed four times. Ages are measured at the upper bound of a partition, since whole partitions leave together.",
  unit: "days",
  path: "partitions",
  runbook:
    "Events lie longer than their retention policy allows. Unless a legal hold covers them, detach the partition and drop it (Partitions plans both and shows what they lock); archive it first where the policy says so. If it comes back each month, nobody does it by itself. If the events are needed longer, it is the policy that is wrong: change ceiling_days with whoever answers for it.",
  needs: "The audit schema, and SELECT on retention_policy (audit_reader).",
  thresholds: { warning: 1, critical: 30, direction: "rising" },
  async evaluate(context, limitsFor) {
    const { data } = await readCeilings(context.audit);
    if (!data)
      return cannotJudge("Retention cannot be judged.", {
        code: "not_installed",
        reason: "This database has no retention policies of ours.",
      });
    if (!data.days)
      return cannotJudge("Retention cannot be judged.", {
        code: "no_grant",
        reason: `${data.user} may not read retention_policy.`,
        enable: `GRANT audit_reader TO ${quoteIdentifier(data.user)};`,
      });
    const { lanes } = await readTables(context);
    const ours = lanes.filter(({ root }) => root.schema === "public" && root.name === "audit_log");
    return judgeRetention(ours, data.days, context.now, limitsFor);
  },
});

function readCeilings(audit: AuditDb): Promise<Observed<Ceilings | null>> {
  return audit.read<Ceilings | null>({
    name: "partitions.ceilings",
    ttlMs: 600_000,
    source: "retention_policy",
    run: async (sql, { hasAuditSchema, user }) => {
      if (!hasAuditSchema) return null;
      const [grant] = await sql<{ readable: boolean }[]>`
        select coalesce(has_table_privilege(to_regclass('public.retention_policy'), 'SELECT'), false) as readable`;
      if (!grant?.readable) return { user, days: null };
      const rows = await sql<{ name: string; days: number }[]>`
        select name, ceiling_days as days from public.retention_policy where ceiling_days is not null`;
      return { user, days: Object.fromEntries(rows.map(({ name, days }) => [name, days])) };
    },
  });
}

export function judgeRetention(
  lanes: readonly JudgedLane[],
  ceilings: Record<string, number>,
  now: Date,
  limitsFor: LimitsFor,
): CheckAnswer {
  const objects = lanes.flatMap((judged): ObjectState[] => {
    const ceiling = Object.entries(ceilings).find(([policy]) => judged.lane.label === policy)?.[1];
    if (ceiling === undefined) return [];
    const object = relationObject(judged.database, judged.lane);
    const threshold = limitsFor(object);
    const overdue = judged.lane.cells.flatMap(({ to }) => {
      const days = to === null ? 0 : (now.getTime() - Date.parse(to)) / dayMs - ceiling;
      return days > 0 ? [days] : [];
    });
    const value = Math.max(0, ...overdue);
    const state = stateAt(value, threshold);
    return [
      {
        object,
        state,
        value,
        threshold,
        since: overdue.length > 0 ? new Date(now.getTime() - value * dayMs) : null,
        words: {
          title:
            overdue.length === 0
              ? `No partition of ${judged.name} is older than its ${ceiling} days.`
              : `${counted(overdue.length, "partition")} of ${judged.name} ${overdue.length === 1 ? "is" : "are"} past ${ceiling} days of retention, the oldest by ${counted(Math.floor(value), "day")}.`,
          detail:
            state === "ok"
              ? "Ages are measured at the upper bound of a partition."
              : "Unless a hold covers them, archive where the policy says so, then detach and drop them on Partitions.",
        },
      },
    ];
  });
  return { objects, complete: lanes.every(({ lane }) => lane.unknownBounds === 0) };
}
