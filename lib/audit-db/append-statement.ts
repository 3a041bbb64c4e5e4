import type { AppendRow } from "./append-rows.ts";
import { leafVersion } from "./leaf.ts";

/** How a value is written as JSON: numbers as they are; "plain" text holds nothing that JSON would escape. */
type Form = "number" | "plain" | "text" | "json" | "bytes";

/** Columns a writer fills, the type each has, and what goes there. */
const columns: readonly (readonly [
  column: string,
  type: string,
  form: Form,
  value: (row: AppendRow) => unknown,
])[] = [
  ["id", "uuid", "plain", (row) => row.id],
  ["occurred_at", "timestamptz", "plain", (row) => row.occurredAt],
  ["recorded_at", "timestamptz", "plain", (row) => row.recordedAt],
  ["organization_id", "text", "text", (row) => row.organizationId],
  ["action", "text", "text", (row) => row.action],
  ["status", "text", "plain", (row) => row.status],
  ["target_type", "text", "text", (row) => row.targetType],
  ["target_id", "text", "text", (row) => row.targetId],
  ["outcome", "text", "text", (row) => row.outcome],
  ["correlation_id", "text", "text", (row) => row.correlationId],
  ["event_version", "smallint", "number", (row) => row.eventVersion],
  ["data_classification", "text", "plain", (row) => row.dataClassification],
  ["retention_policy", "text", "text", (row) => row.retentionPolicy],
  ["processing_ms", "integer", "number", (row) => row.processingMs],
  ["details", "jsonb", "json", (row) => row.details],
  ["actor_token", "text", "text", (row) => row.actorToken],
  ["actor_personal", "bytea", "bytes", (row) => row.actorPersonal],
  ["actor_digest", "bytea", "bytes", (row) => row.actorDigest],
  ["target_token", "text", "text", (row) => row.targetToken],
  ["target_personal", "bytea", "bytes", (row) => row.targetPersonal],
  ["target_digest", "bytea", "bytes", (row) => row.targetDigest],
  ["leaf_version", "smallint", "number", () => leafVersion],
  ["leaf", "bytea", "plain", (row) => `\\\\x${row.leaf}`],
];

/** Names of the event's columns, in one order for every statement that copies events. */
export const eventColumns = columns.map(([column]) => column).join(", ");

// On the wire columns go by short names: full ones would be a third of what is sent and parsed.
const wireName = (at: number) => `c${at.toString(36)}`;
const wireTypes = columns.map(([, type], at) => `${wireName(at)} ${type}`).join(", ");
const fromWire = columns.map(([column], at) => `${wireName(at)} as ${column}`).join(", ");
const heads = columns.map((_, at) => `,"${wireName(at)}":`);

/** The rows as the one parameter of `appendSql`. What is null is left out: the server reads it as null. */
export function appendParameter(rows: readonly AppendRow[]): string {
  let text = "[";
  for (const [ord, row] of rows.entries()) {
    text += `${ord > 0 ? "," : ""}{"ord":${ord}`;
    for (let at = 0; at < columns.length; at++) {
      const [, , form, valueIn] = columns[at] as (typeof columns)[number];
      const value = valueIn(row);
      if (value !== null) text += heads[at] + written(form, value);
    }
    text += "}";
  }
  return `${text}]`;
}

function written(form: Form, value: unknown): string {
  if (form === "number") return String(value);
  if (form === "plain") return `"${value}"`;
  if (form === "bytes") {
    const { buffer, byteOffset, byteLength } = value as Uint8Array;
    // PostgreSQL's hex text; JSON escapes the backslash.
    return `"\\\\x${Buffer.from(buffer, byteOffset, byteLength).toString("hex")}"`;
  }
  return JSON.stringify(value);
}

/**
 * Why a row of `event` cannot stand in audit_log now, as SQL; null when it can. `withBounds` also compares with the
 * partitions there are (the CTE `covered`): needed only after an insert found none for a row, since reading the
 * bounds of 1,000 partitions takes 12 ms.
 */
export function reasonSql(event: string, withBounds: boolean): string {
  return `case
    when not exists (select from public.retention_policy where name = ${event}.retention_policy)
      then 'unknown_policy'
    when ${event}.occurred_at > statement_timestamp() + interval '5 minutes' then 'too_far_ahead'
    when exists (select from public.audit_fence fence where fence.retention_policy = ${event}.retention_policy
      and ${event}.occurred_at >= fence.lower and ${event}.occurred_at < fence.upper) then 'fenced'
    ${
      withBounds
        ? `when not exists (select from covered where policy = ${event}.retention_policy
             and ${event}.occurred_at >= covered.from and ${event}.occurred_at < covered.to) then 'no_partition'`
        : ""
    }
  end`;
}

/**
 * One statement, so one transaction: events go to audit_log or, with the reason, to audit_quarantine, and each is
 * answered for. Inserts run in key order, so that two writers of the same events cannot deadlock.
 */
export function appendSql(withBounds: boolean): string {
  return `
with ${withBounds ? `covered as materialized (${coveredSql}), ` : ""}sorted as materialized (
  select given.*, coalesce(waiting.reason, ${reasonSql("given", withBounds)}) as reason,
         waiting.id is not null as held
  from (select ord, ${fromWire} from json_to_recordset($1::text::json) as wire (ord integer, ${wireTypes})) given
  left join public.audit_quarantine waiting
    on waiting.id = given.id and waiting.occurred_at = given.occurred_at
   and waiting.retention_policy = given.retention_policy and waiting.resolved_at is null
), stored as (
  insert into public.audit_log (${eventColumns})
  select ${eventColumns} from sorted where reason is null order by retention_policy, occurred_at, id
  on conflict do nothing
  returning retention_policy, occurred_at, id
), quarantined as (
  insert into public.audit_quarantine (${eventColumns}, reason)
  select ${eventColumns}, reason from sorted where reason is not null and not held
  order by id, occurred_at, retention_policy
  on conflict do nothing
)
select sorted.ord, sorted.reason, sorted.held, stored.id is not null as stored
from sorted left join stored using (retention_policy, occurred_at, id)
order by sorted.ord`;
}

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
select given.ord, encode(event.leaf, 'hex') as leaf,
       to_char(event.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "recordedAt"
from json_to_recordset($1::text::json) as given (ord integer, retention_policy text, occurred_at timestamptz, id uuid)
join public.${table} event using (retention_policy, occurred_at, id)`;
}
