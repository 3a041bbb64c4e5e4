import type { Sql } from "postgres";
import type { AuditDb } from "../audit-db/types.ts";
import { around } from "./loop.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
const since = (days: number) => new Date(Date.now() - days * dayMs);

export interface Report {
  name: string;
  /** Between two of it, about. */
  everyMs: number;
  run(sql: Sql): Promise<unknown>;
}

/**
 * Reports as somebody wrote them in a hurry: each reads far more than it answers. A healthy demo raises no check, on a busy
 * machine neither: those often asked for read a few days, or a month of one policy, in some milliseconds; those that read it
 * all, and sort on disk, come too rarely for the checks of slow statements (50 calls a day) and of temporary files.
 */
export const reports: readonly Report[] = [
  {
    name: "demo.report_failures_by_day",
    everyMs: 30_000,
    run: (sql) => sql`
      select date_trunc('day', occurred_at) as day, action, count(*) filter (where status = 'failure') as failures,
             count(*) as events
      from public.audit_log where occurred_at >= ${since(3)} group by 1, 2 order by 1, 2`,
  },
  {
    name: "demo.report_slowest_actions",
    everyMs: 40 * minuteMs,
    run: (sql) => sql`
      select organization_id, action, percentile_cont(0.95) within group (order by processing_ms) as p95
      from public.audit_log where occurred_at >= ${since(120)} group by 1, 2 order by p95 desc limit 20`,
  },
  {
    name: "demo.report_invoiced_amounts",
    everyMs: 50_000,
    run: (sql) => sql`
      select organization_id, details ->> 'currency' as currency, sum((details ->> 'amountCents')::bigint) as cents
      from public.audit_log where retention_policy = 'confidential' and action like 'invoice.%'
        and occurred_at >= ${since(30)}
      group by 1, 2 order by 3 desc`,
  },
  {
    name: "demo.report_busy_people",
    everyMs: 60 * minuteMs,
    run: (sql) => sql`
      select organization_id, actor_token, events, rank() over (partition by organization_id order by events desc)
      from (select organization_id, actor_token, count(*) as events, count(distinct correlation_id) as sessions
            from public.audit_log where actor_token is not null and occurred_at >= ${since(400)}
            group by 1, 2) per_person
      order by 1, 4`,
  },
];

/** Runs one and says how long to wait for the next, so that it stays a small share of a core. */
export async function runReport(audit: Pick<AuditDb, "use">, report: Report): Promise<number> {
  const beganAt = performance.now();
  await audit.use("read", report.name, (sql) => report.run(sql));
  const tookMs = performance.now() - beganAt;
  return Math.max(around(report.everyMs), tookMs * 100);
}
