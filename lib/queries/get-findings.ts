import type { AuditDb } from "../audit-db/types.ts";
import { counted, type Finding } from "../finding.ts";
import type { ReadContext } from "../read.ts";
import { getStatementStatus, type StatementStatus } from "./get-status.ts";
import { getTopQueries } from "./get-top-queries.ts";
import { queryThresholds } from "./thresholds.ts";
import type { TopQuery } from "./top-query.ts";

const dayMs = 86_400_000;
/** Work that is slow by nature; a long one shows among the connections. */
const maintenance =
  /^(?:vacuum|analyze|reindex|cluster|create|alter|drop|refresh|copy|explain|checkpoint|call|do)\b/i;

const keptMs = 30_000;
/** What a day of samples says changes once a minute, however many people look at the overview. */
const kept = new WeakMap<AuditDb, { until: number; findings: Promise<Finding[]> }>();

type Context = Pick<ReadContext, "audit" | "history" | "now">;

/** As `findQueryProblems` answers, asked anew at most every 30 s. */
export function getQueryFindings(context: Context): Promise<Finding[]> {
  const { engine } = context.audit;
  const known = kept.get(engine);
  if (known && known.until > context.now.getTime()) return known.findings;
  const findings = findQueryProblems(context);
  kept.set(engine, { until: context.now.getTime() + keptMs, findings });
  findings.catch(() => kept.delete(engine));
  return findings;
}

/**
 * Statements that are slow on average over the last 24 hours, and statistics thrown out for want of room. A server
 * that records no statements gives one notice saying what would change that.
 */
async function findQueryProblems(context: Context): Promise<Finding[]> {
  const { data: status, unavailable } = await getStatementStatus(context.audit);
  if (unavailable) {
    return [
      {
        check: "queries.slow",
        severity: "notice",
        title: "Slow statements cannot be looked for.",
        detail: unavailable.reason,
        path: "queries",
        unavailable,
      },
    ];
  }
  const range = { from: new Date(context.now.getTime() - dayMs), to: context.now };
  const { data } = await getTopQueries(context, {
    range,
    orderBy: "mean",
    order: "desc",
    limit: 500,
    hideOwn: true,
    group: "statement",
    sparks: false,
  });
  // Without a window there is no "in 24 h", only totals since some reset.
  const slow = data.basis === "window" ? judgeMeans(data.queries) : [];
  return [...slow, ...(await judgeEvictions(context, status, range))];
}

function judgeMeans(queries: readonly TopQuery[]): Finding[] {
  const { meanMs, leastCalls } = queryThresholds;
  const slow = queries.filter(
    (query) =>
      (query.values.calls ?? 0) >= leastCalls &&
      (query.meanMs ?? 0) > meanMs.warning &&
      !maintenance.test(query.text ?? ""),
  );
  return (["critical", "warning"] as const).flatMap((severity): Finding[] => {
    const of = slow.filter((q) => (q.meanMs ?? 0) > meanMs.critical === (severity === "critical"));
    const [worst] = of;
    if (!worst) return [];
    const slowest = `${Math.round(worst.meanMs ?? 0)} ms`;
    const text = worst.text && worst.text.length > 80 ? `${worst.text.slice(0, 79)}…` : worst.text;
    return [
      {
        check: "queries.slow",
        severity,
        title:
          of.length > 1
            ? `${of.length} statements take more than ${meanMs[severity]} ms on average, the slowest ${slowest}.`
            : `A statement takes ${slowest} on average, more than ${meanMs[severity]} ms.`,
        detail: `${text ?? "Its text is not known"}: ${counted(Math.round(worst.values.calls ?? 0), "call")} in 24 h${worst.user ? ` by ${worst.user}` : ""}. Look at its plan and what it waits for.`,
        path: `queries/${encodeURIComponent(worst.key)}`,
      },
    ];
  });
}

async function judgeEvictions(
  { audit, history }: Pick<ReadContext, "audit" | "history">,
  status: StatementStatus,
  range: { from: Date; to: Date },
): Promise<Finding[]> {
  // A point a minute, as sampled: a rate times a longer step would count what the step was not sampled for.
  const minutes = (range.to.getTime() - range.from.getTime()) / 60_000;
  const { series, stepSeconds } = await history.totals(audit.target, ["statements.dealloc"], range, minutes);
  const evictions = (series["statements.dealloc"] ?? []).reduce(
    (sum, [, rate]) => sum + (rate ?? 0) * stepSeconds,
    0,
  );
  if (evictions < 0.5) return [];
  const fill = status.entries !== null && status.max ? status.entries / status.max : 0;
  return [
    {
      check: "queries.evicted",
      severity: fill >= queryThresholds.fill.critical ? "critical" : "warning",
      title: `Statement statistics were thrown out ${counted(Math.round(evictions), "time")} in 24 h for want of room.`,
      detail: `pg_stat_statements holds ${status.entries ?? "?"} of ${status.max ?? "?"} entries, so figures of rarer statements have gaps. Raise pg_stat_statements.max (takes a restart), or send values as parameters instead of writing them into the text.`,
      path: "queries",
    },
  ];
}
