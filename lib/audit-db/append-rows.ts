import type { PreparedEvent } from "./event.ts";

/** The columns a writer fills, in the order of the rows below. */
const columns: [
  column: string,
  type: string,
  value: (event: PreparedEvent) => string | number | null | undefined,
][] = [
  ["id", "uuid", (e) => e.id],
  ["occurred_at", "timestamptz", (e) => e.occurredAt],
  ["recorded_at", "timestamptz", (e) => e.recordedAt],
  ["organization_id", "text", (e) => e.organizationId],
  ["action", "text", (e) => e.action],
  ["status", "text", (e) => e.status],
  ["target_type", "text", (e) => e.targetType],
  ["target_id", "text", (e) => e.targetId],
  ["outcome", "text", (e) => e.outcome],
  ["correlation_id", "text", (e) => e.correlationId],
  ["event_version", "smallint", (e) => e.eventVersion],
  ["data_classification", "text", (e) => e.dataClassification],
  ["retention_policy", "text", (e) => e.retentionPolicy],
  ["processing_ms", "integer", (e) => e.processingMs],
  ["details", "jsonb", (e) => JSON.stringify(e.details)],
  ["actor_token", "text", (e) => e.actorToken],
  ["target_token", "text", (e) => e.targetToken],
];

const names = columns.map(([column]) => column).join(", ");

/** Makes the session's own table once; its rows go with each transaction. No notice when it is there. */
export const stageSql = `
do $$ begin
  if to_regclass('pg_temp.audit_append') is null then
    create temporary table audit_append (ord integer, ${columns.map(([column, type]) => `${column} ${type}`).join(", ")})
      on commit delete rows;
  end if;
end $$`;

export const copySql = `copy pg_temp.audit_append (ord, ${names}) from stdin`;

/** Rows in COPY's text form: tabs between, \N for null. */
export function copyRows(events: readonly PreparedEvent[]): string {
  let rows = "";
  for (const [ord, event] of events.entries()) {
    rows += ord;
    for (const [, , value] of columns) rows += `\t${escapeField(value(event))}`;
    rows += "\n";
  }
  return rows;
}

/**
 * Moves the staged rows to audit_log or, with the reason, to audit_quarantine, and answers for each what became of
 * it. `withBounds` also compares with the partitions there are: needed only after an insert found none for a row,
 * since reading the bounds of 1,000 partitions takes 12 ms. Inserts run in key order, so that two writers of the
 * same events cannot deadlock.
 */
export function moveSql(withBounds: boolean): string {
  return `
with ${withBounds ? `covered as materialized (${coveredSql}), ` : ""}sorted as materialized (
  select staged.*, coalesce(waiting.reason, case
           when not exists (select from public.retention_policy where name = staged.retention_policy)
             then 'unknown_policy'
           when staged.occurred_at > statement_timestamp() + interval '5 minutes' then 'too_far_ahead'
           ${
             withBounds
               ? `when not exists (select from covered where policy = staged.retention_policy
                    and staged.occurred_at >= covered.from and staged.occurred_at < covered.to) then 'no_partition'`
               : ""
           }
         end) as reason, waiting.id is not null as held
  from pg_temp.audit_append staged
  left join public.audit_quarantine waiting
    on waiting.id = staged.id and waiting.occurred_at = staged.occurred_at
   and waiting.retention_policy = staged.retention_policy and waiting.resolved_at is null
), stored as (
  insert into public.audit_log (${names})
  select ${names} from sorted where reason is null order by retention_policy, occurred_at, id
  on conflict do nothing
  returning retention_policy, occurred_at, id
), quarantined as (
  insert into public.audit_quarantine (${names}, reason)
  select ${names}, reason from sorted where reason is not null and not held
  order by id, occurred_at, retention_policy
  on conflict do nothing
)
select sorted.ord, sorted.reason, stored.id is not null as stored
from sorted left join stored using (retention_policy, occurred_at, id)
order by sorted.ord`;
}

const coveredSql = `
  select policy.name as policy,
         coalesce((bound.ends)[1]::timestamptz, '-infinity') as "from",
         coalesce((bound.ends)[2]::timestamptz, 'infinity') as "to"
  from public.retention_policy policy
  join pg_class branch on branch.relname = 'audit_log_' || policy.name
   and branch.relnamespace = 'public'::regnamespace and branch.relkind = 'p'
  join pg_inherits on inhparent = branch.oid
  join pg_class child on child.oid = inhrelid
  cross join lateral (
    select regexp_match(pg_get_expr(child.relpartbound, child.oid),
                        'FROM \\(''([^'']+)''\\) TO \\(''([^'']+)''\\)') as ends
  ) bound`;

const escapes: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function escapeField(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "\\N";
  if (typeof value === "number") return String(value);
  return value.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character);
}
