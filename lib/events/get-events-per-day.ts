import type { Sql } from "postgres";
import type { ServerFacts } from "../audit-db/target-facts.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { quoteIdentifier } from "../quote-sql.ts";
import type { Observed, Unavailable } from "../result.ts";
import type { EventsDay, EventsPerDay } from "./types.ts";

/** More rows than this are not counted on somebody's server for a chart. */
const countedRowsMax = 20_000_000;
const dayMs = 86_400_000;

type Answer = { days: EventsDay[] } | { unavailable: Unavailable };

/**
 * Events of our audit_log per UTC day and retention policy, counted from the real rows of the last `days`
 * days (today included). Bounds are passed as values: with now() every partition would be planned and locked.
 * `unavailable` without our schema, without SELECT on it, or when the planner expects too many rows.
 */
export async function getEventsPerDay(
  audit: AuditDb,
  days: number,
  now: Date,
): Promise<Observed<EventsPerDay>> {
  const today = Math.floor(now.getTime() / dayMs) * dayMs;
  const from = new Date(today - (days - 1) * dayMs);
  const to = new Date(today + dayMs);
  const { data, ...rest } = await audit.read<Answer>({
    name: "events.perDay",
    key: [from.getTime(), to.getTime()],
    ttlMs: 60_000,
    revalidateMs: 120_000,
    source: "audit_log",
    run: (sql, server) => countEvents(sql, server, from, to),
  });
  const counted = "days" in data ? data.days : [];
  return {
    ...rest,
    data: {
      from,
      to,
      policies: [...new Set(counted.map((d) => d.retentionPolicy))].sort(),
      days: counted,
      total: counted.reduce((sum, d) => sum + d.events, 0),
    },
    ...("unavailable" in data && { unavailable: data.unavailable }),
  };
}

async function countEvents(sql: Sql, server: ServerFacts, from: Date, to: Date): Promise<Answer> {
  if (!server.hasAuditSchema)
    return {
      unavailable: {
        code: "not_installed",
        reason: `Database ${server.database} has no audit_log of ours.`,
        enable: "audit-db migrate --url OWNER_URL",
      },
    };
  const [grant] = await sql<{ readable: boolean }[]>`
    select has_column_privilege(to_regclass('public.audit_log'), 'occurred_at', 'SELECT')
       and has_column_privilege(to_regclass('public.audit_log'), 'retention_policy', 'SELECT') as readable`;
  if (!grant?.readable)
    return {
      unavailable: {
        code: "no_grant",
        reason: `${server.user} may not read audit_log.`,
        enable: `GRANT audit_reader TO ${quoteIdentifier(server.user)};`,
      },
    };
  const expected = await expectedRows(sql, from, to);
  if (expected > countedRowsMax)
    return {
      unavailable: {
        code: "unsupported",
        reason: `About ${Math.round(expected / 1e6)} million events lie in this time; at most ${countedRowsMax / 1e6} million are counted. Ask for fewer days.`,
      },
    };
  const rows = await sql<EventsDay[]>`
    select to_char(date_trunc('day', occurred_at at time zone 'UTC'), 'YYYY-MM-DD') as day,
           retention_policy as "retentionPolicy", count(*)::float8 as events
    from public.audit_log where occurred_at >= ${from} and occurred_at < ${to}
    group by date_trunc('day', occurred_at at time zone 'UTC'), retention_policy
    order by 1, 2`;
  return { days: [...rows] };
}

async function expectedRows(sql: Sql, from: Date, to: Date): Promise<number> {
  const [plan] = await sql<{ "QUERY PLAN": { Plan: { "Plan Rows": number } }[] }[]>`
    explain (format json) select from public.audit_log where occurred_at >= ${from} and occurred_at < ${to}`;
  return plan?.["QUERY PLAN"][0]?.Plan["Plan Rows"] ?? 0;
}
