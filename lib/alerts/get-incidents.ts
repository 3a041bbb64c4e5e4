import type { Sql } from "postgres";
import type { AlertSeverity } from "../alerting/alert.ts";
import type { Hush } from "../alerting/hush.ts";
import { type IncidentState, incidentStates } from "../alerting/incident.ts";
import { type IncidentRow, incidentOf } from "../alerting/incident-rows.ts";
import type { Check } from "../check.ts";
import { toLine } from "./to-line.ts";
import type { IncidentList } from "./types.ts";

export const incidentOrders = ["worst", "newest", "oldest", "changed"] as const;

export interface IncidentFilter {
  targets: readonly string[];
  states?: readonly IncidentState[] | undefined;
  severities?: readonly AlertSeverity[] | undefined;
  check?: string | undefined;
  /** A user's id, or null for nobody's. */
  assignee?: string | null | undefined;
  /** `#12`, or part of what it says, its check's name or its assignee's. */
  q?: string | undefined;
  /** Opened within. */
  from?: Date | undefined;
  to?: Date | undefined;
  order: (typeof incidentOrders)[number];
  limit: number;
  offset: number;
}

/** Incidents that match, and how many there are in each state whatever `states` says. */
export async function getIncidents(
  sql: Sql,
  checks: ReadonlyMap<string, Check>,
  filter: IncidentFilter,
  hushes: ReadonlyMap<string, Hush>,
): Promise<IncidentList> {
  const { states, order, limit, offset } = filter;
  const matching = conditions(sql, checks, filter);
  const inState = states ? sql`state = any(${[...states]}::text[])` : sql`true`;
  const [rows, counted] = await Promise.all([
    sql<{ row: IncidentRow }[]>`
      select to_jsonb(incident) as row from incident where ${matching} and ${inState}
      order by ${orderBy(sql, order)} limit ${limit} offset ${offset}`,
    sql<{ state: IncidentState; incidents: number }[]>`
      select state, count(*)::int as incidents from incident where ${matching} group by state`,
  ]);
  const countOf = new Map(counted.map(({ state, incidents }) => [state, incidents]));
  const counts = Object.fromEntries(incidentStates.map((state) => [state, countOf.get(state) ?? 0]));
  return {
    incidents: rows.map(({ row }) => toLine(incidentOf(row), checks, hushes)),
    total: (states ?? incidentStates).reduce((sum, state) => sum + (countOf.get(state) ?? 0), 0),
    counts: counts as IncidentList["counts"],
  };
}

function conditions(sql: Sql, checks: ReadonlyMap<string, Check>, filter: IncidentFilter) {
  const { targets, severities, check, assignee, q, from, to } = filter;
  return sql`
    target = any(${[...targets]}::text[])
    and ${severities ? sql`severity = any(${[...severities]}::text[])` : sql`true`}
    and ${check === undefined ? sql`true` : sql`check_id = ${check}`}
    and ${assignee === undefined ? sql`true` : assignee === null ? sql`assignee_id is null` : sql`assignee_id = ${assignee}`}
    and ${from ? sql`opened_at >= ${from}` : sql`true`} and ${to ? sql`opened_at < ${to}` : sql`true`}
    and ${q ? search(sql, checks, q) : sql`true`}`;
}

function search(sql: Sql, checks: ReadonlyMap<string, Check>, q: string) {
  const number = /^#?(\d{1,15})$/.exec(q)?.[1] ?? null;
  const part = `%${q.replace(/[\\%_]/g, "\\$&")}%`;
  const called = [...checks.values()].filter(({ title }) => title.toLowerCase().includes(q.toLowerCase()));
  return sql`(
    number = ${number}::bigint or words->>'title' ilike ${part} or check_id ilike ${part} or assignee_name ilike ${part}
    or check_id = any(${called.map(({ id }) => id)}::text[]))`;
}

function orderBy(sql: Sql, order: IncidentFilter["order"]) {
  switch (order) {
    case "worst":
      return sql`
        array_position(array['open', 'acknowledged', 'snoozed', 'closed'], state), condition,
        array_position(array['critical', 'warning', 'notice'], severity), fired_at desc, id desc`;
    case "newest":
      return sql`opened_at desc, id desc`;
    case "oldest":
      return sql`opened_at, id`;
    case "changed":
      return sql`changed_at desc, id desc`;
  }
}
