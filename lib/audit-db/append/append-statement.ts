import type { Vault } from "../vault/types.ts";
import { eventColumns, wireRows } from "./append-wire.ts";

/**
 * Why a row of `event` cannot stand in audit_log now, as SQL; null when it can. `withBounds` also compares with the
 * partitions there are (the CTE `covered`): needed only after an insert found none for a row, since reading the
 * bounds of 1,000 partitions takes 12 ms. That there is no fence at all is asked once, not for each row.
 */
export function reasonSql(event: string, withBounds: boolean): string {
  return `case
    when not exists (select from public.retention_policy where name = ${event}.retention_policy)
      then 'unknown_policy'
    when ${event}.occurred_at > statement_timestamp() + interval '5 minutes' then 'too_far_ahead'
    when exists (select from public.audit_fence) and exists (
      select from public.audit_fence fence where fence.retention_policy = ${event}.retention_policy
      and ${event}.occurred_at >= fence.lower and ${event}.occurred_at < fence.upper) then 'fenced'
    ${
      withBounds
        ? `when not exists (select from covered where policy = ${event}.retention_policy
             and ${event}.occurred_at >= covered.from and ${event}.occurred_at < covered.to) then 'no_partition'`
        : ""
    }
  end`;
}

export interface AppendCase {
  /** Knows under which other keys a repeated event may stand. */
  vault?: Vault | undefined;
  /** Whether rows without a partition are looked for; without it one fails the statement (23514). */
  withBounds: boolean;
  /** No row can stand anywhere yet; where one does, the statement fails (23505). */
  areNew: boolean;
  /** Whether the server keeps the statement, which a pooler that changes sessions in between forbids (26000). */
  prepare: boolean;
}

/**
 * One statement, so one transaction: events go to audit_log or, with the reason, to audit_quarantine. `$1` to `$3` as
 * `toWire` makes them. Of new rows it answers those in quarantine, else every row.
 */
export function appendSql(given: Pick<AppendCase, "withBounds" | "areNew">): string {
  return given.areNew ? newRowsSql(given.withBounds) : anyRowsSql(given.withBounds);
}

/** Without looking for each row first: a third less work for the server. */
function newRowsSql(withBounds: boolean): string {
  return `
with ${boundsSql(withBounds)} judged as materialized (
  select given.*, ${reasonSql("given", withBounds)} as reason from (${wireRows}) given
), stored as (
  insert into public.audit_log (${eventColumns})
  select ${eventColumns} from judged where reason is null
), quarantined as (
  insert into public.audit_quarantine (${eventColumns}, reason)
  select ${eventColumns}, reason from judged where reason is not null
)
select ord, reason from judged where reason is not null order by ord`;
}

/**
 * Inserts run in key order, so that two writers of the same events cannot deadlock; of a key given twice the first row is
 * kept, whose leaf and salts are answered.
 */
function anyRowsSql(withBounds: boolean): string {
  return `
with ${boundsSql(withBounds)} sorted as materialized (
  select given.*, coalesce(waiting.reason, ${reasonSql("given", withBounds)}) as reason,
         waiting.id is not null as held
  from (${wireRows}) given
  left join public.audit_quarantine waiting
    on waiting.id = given.id and waiting.occurred_at = given.occurred_at
   and waiting.retention_policy = given.retention_policy and waiting.resolved_at is null
), stored as (
  insert into public.audit_log (${eventColumns})
  select ${eventColumns} from sorted where reason is null order by retention_policy, occurred_at, id, ord
  on conflict do nothing
  returning retention_policy, occurred_at, id
), quarantined as (
  insert into public.audit_quarantine (${eventColumns}, reason)
  select ${eventColumns}, reason from sorted where reason is not null and not held
  order by id, occurred_at, retention_policy, ord
  on conflict do nothing
  returning retention_policy, occurred_at, id
), kept as (
  select * from stored union all select * from quarantined
)
select sorted.ord, sorted.reason, kept.id is not null as kept
from sorted left join kept using (retention_policy, occurred_at, id)
order by sorted.ord`;
}

const boundsSql = (withBounds: boolean) => (withBounds ? `covered as materialized (${coveredSql}),` : "");

/** Policy and bounds of every partition. */
export const coveredSql = `
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

/** What stands under the keys of events that were not stored just now; $1 as for `appendSql`. */
export function standingSql(table: "audit_log" | "audit_quarantine"): string {
  return `
select given.ord, encode(event.leaf, 'hex') as leaf, event.leaf_version as "leafVersion", event.salts,
       to_char(event.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "recordedAt"
from json_to_recordset($1::text::json) as given (ord integer, retention_policy text, occurred_at timestamptz, id uuid)
join public.${table} event using (retention_policy, occurred_at, id)`;
}
