import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import { around } from "./loop.ts";

const dayMs = 86_400_000;
const since = (days: number) => new Date(Date.now() - days * dayMs);

/** Reports as somebody wrote them in a hurry: each reads far more than it answers. */
const reports: { name: string; weight: number; run(sql: Sql): Promise<unknown> }[] = [
  {
    name: "demo.report_failures_by_day",
    weight: 8,
    run: (sql) => sql`
      select date_trunc('day', occurred_at) as day, action, count(*) filter (where status = 'failure') as failures,
             count(*) as events
      from public.audit_log where occurred_at >= ${since(90)} group by 1, 2 order by 1, 2`,
  },
  {
    name: "demo.report_slowest_actions",
    weight: 6,
    run: (sql) => sql`
      select organization_id, action, percentile_cont(0.95) within group (order by processing_ms) as p95
      from public.audit_log where occurred_at >= ${since(120)} group by 1, 2 order by p95 desc limit 20`,
  },
  {
    name: "demo.report_invoiced_amounts",
    weight: 4,
    run: (sql) => sql`
      select organization_id, details ->> 'currency' as currency, sum((details ->> 'amountCents')::bigint) as cents
      from public.audit_log where retention_policy = 'confidential' and action like 'invoice.%'
        and occurred_at >= ${since(365)}
      group by 1, 2 order by 3 desc`,
  },
  {
    name: "demo.report_busy_people",
    weight: 2,
    run: (sql) => sql`
      select organization_id, actor_token, events, rank() over (partition by organization_id order by events desc)
      from (select organization_id, actor_token, count(*) as events, count(distinct correlation_id) as sessions
            from public.audit_log where actor_token is not null and occurred_at >= ${since(400)}
            group by 1, 2) per_person
      order by 1, 4`,
  },
];
const totalWeight = reports.reduce((sum, report) => sum + report.weight, 0);

/** Runs one report and says how long to wait for the next, so that together they stay a small share of a core. */
export async function runReport(audit: Pick<AuditDb, "use">): Promise<number> {
  let dice = Math.random() * totalWeight;
  const report = reports.find(({ weight }) => {
    dice -= weight;
    return dice < 0;
  });
  if (!report) return 1_000;
  const beganAt = performance.now();
  await audit.use("read", report.name, (sql) => report.run(sql));
  const tookMs = performance.now() - beganAt;
  return Math.max(around(20_000), tookMs * 40);
}
