import type { PreparedEvent } from "./event.ts";

/** The columns a writer fills, the type each has, and the field it comes from. */
const columns: readonly [column: string, type: string, field: keyof PreparedEvent][] = [
  ["id", "uuid", "id"],
  ["occurred_at", "timestamptz", "occurredAt"],
  ["recorded_at", "timestamptz", "recordedAt"],
  ["organization_id", "text", "organizationId"],
  ["action", "text", "action"],
  ["status", "text", "status"],
  ["target_type", "text", "targetType"],
  ["target_id", "text", "targetId"],
  ["outcome", "text", "outcome"],
  ["correlation_id", "text", "correlationId"],
  ["event_version", "smallint", "eventVersion"],
  ["data_classification", "text", "dataClassification"],
  ["retention_policy", "text", "retentionPolicy"],
  ["processing_ms", "integer", "processingMs"],
  ["details", "jsonb", "details"],
  ["actor_token", "text", "actorToken"],
  ["target_token", "text", "targetToken"],
];
const names = columns.map(([column]) => column).join(", ");
const types = columns.map(([column, type]) => `${column} ${type}`).join(", ");

/** The events as the one parameter of `appendSql`. */
export function appendParameter(events: readonly PreparedEvent[]): string {
  return JSON.stringify(
    events.map((event, ord) => {
      const row: Record<string, unknown> = { ord };
      for (const [column, , field] of columns) row[column] = event[field];
      return row;
    }),
  );
}

/**
 * One statement, so one transaction: events go to audit_log or, with the reason, to audit_quarantine, and each is
 * answered for. `withBounds` also compares with the partitions there are: needed only after an insert found none
 * for a row, since reading the bounds of 1,000 partitions takes 12 ms. Inserts run in key order, so that two
 * writers of the same events cannot deadlock.
 */
export function appendSql(withBounds: boolean): string {
  return `
with ${withBounds ? `covered as materialized (${coveredSql}), ` : ""}sorted as materialized (
  select given.*, coalesce(waiting.reason, case
           when not exists (select from public.retention_policy where name = given.retention_policy)
             then 'unknown_policy'
           when given.occurred_at > statement_timestamp() + interval '5 minutes' then 'too_far_ahead'
           ${
             withBounds
               ? `when not exists (select from covered where policy = given.retention_policy
                    and given.occurred_at >= covered.from and given.occurred_at < covered.to) then 'no_partition'`
               : ""
           }
         end) as reason, waiting.id is not null as held
  from json_to_recordset($1::text::json) as given (ord integer, ${types})
  left join public.audit_quarantine waiting
    on waiting.id = given.id and waiting.occurred_at = given.occurred_at
   and waiting.retention_policy = given.retention_policy and waiting.resolved_at is null
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
