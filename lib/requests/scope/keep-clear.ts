import { sql as statement } from "drizzle-orm";
import type { Sql } from "postgres";
import type { Queryable } from "../../db/console-db.ts";
import type { ScopeTarget } from "../scope-types.ts";

/**
 * Keeps which events of a target hold an identifier in clear, for a redaction: any number, a few thousand at once. Told twice
 * they are kept once; of one that stands in the log and in quarantine the fields of both.
 */
export async function keepClear(
  sql: Sql,
  { scope, target }: { scope: string; target: string },
  events: ScopeTarget["clear"],
): Promise<void> {
  if (events.length === 0) return;
  await sql`
    insert into privacy_request_clear as kept (scope_id, target, policy, occurred_at, event_id, fields)
    select ${scope}, ${target}, policy, "occurredAt", id, jsonb_agg(distinct field)
    from jsonb_to_recordset(${JSON.stringify(events)}::text::jsonb)
           as found (id uuid, "occurredAt" timestamptz, policy text, fields jsonb),
         jsonb_array_elements(fields) as field
    group by policy, "occurredAt", id
    on conflict (scope_id, target, policy, occurred_at, event_id) do update
      set fields = (select jsonb_agg(distinct field) from jsonb_array_elements(kept.fields || excluded.fields) as field)`;
}

/** The first of a target's kept events, as a scope shows them. */
export async function readKeptClear(
  sql: Sql,
  { scope, target }: { scope: string; target: string },
  most: number,
): Promise<ScopeTarget["clear"]> {
  const rows = await sql<ScopeTarget["clear"]>`
    select event_id::text as id, policy, fields,
           to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occurredAt"
    from privacy_request_clear where scope_id = ${scope} and target = ${target}
    order by policy, occurred_at, event_id limit ${most}`;
  return [...rows];
}

/** What a scope names beside its kept events: one that the version before made names its events itself, and keeps none. */
const named = (scopeId: string | null) => statement`
  select found ->> 'target' as target, event ->> 'policy' as policy, (event ->> 'occurredAt')::timestamptz as occurred_at,
         (event ->> 'id')::uuid as event_id, event -> 'fields' as fields
  from privacy_request_scope as scope, jsonb_array_elements(scope.targets) as found, jsonb_array_elements(found -> 'clear') as event
  where scope.id = ${scopeId}`;

/** Events in clear under one policy of a target. */
export interface ClearCount extends Record<string, unknown> {
  target: string;
  policy: string;
  events: number;
}

/** Events that a scope found in clear, by target and policy. */
export async function countClear(db: Queryable, scopeId: string | null): Promise<ClearCount[]> {
  return [
    ...(await db.execute<ClearCount>(statement`
      select target, policy, count(*)::int as events from (
        select target, policy, occurred_at, event_id from privacy_request_clear where scope_id = ${scopeId}
        union select target, policy, occurred_at, event_id from (${named(scopeId)}) as named) as clear
      group by target, policy order by target, policy`)),
  ];
}

/** Keeps the events that a scope of the version before names. */
export async function keepNamed(db: Queryable, scopeId: string | null): Promise<void> {
  await db.execute(statement`
    insert into privacy_request_clear (scope_id, target, policy, occurred_at, event_id, fields)
    select ${scopeId}, target, policy, occurred_at, event_id, jsonb_agg(distinct field)
    from (${named(scopeId)}) as named, jsonb_array_elements(fields) as field
    group by target, policy, occurred_at, event_id
    on conflict do nothing`);
}
