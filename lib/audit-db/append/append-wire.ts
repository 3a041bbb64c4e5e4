import type { AppendRow } from "./append-rows.ts";

/** Columns a writer fills and their types; `fieldsOf` has their texts in the same order. */
const columns = [
  ["id", "uuid"],
  ["occurred_at", "timestamptz"],
  ["recorded_at", "timestamptz"],
  ["organization_id", "text"],
  ["action", "text"],
  ["status", "text"],
  ["target_type", "text"],
  ["target_id", "text"],
  ["outcome", "text"],
  ["correlation_id", "text"],
  ["event_version", "smallint"],
  ["data_classification", "text"],
  ["retention_policy", "text"],
  ["processing_ms", "integer"],
  ["details", "jsonb"],
  ["actor_token", "text"],
  ["actor_personal", "bytea"],
  ["actor_digest", "bytea"],
  ["target_token", "text"],
  ["target_personal", "bytea"],
  ["target_digest", "bytea"],
  ["leaf_version", "smallint"],
  ["leaf", "bytea"],
  ["salts", "bytea"],
] as const;

/** What joins to "" is null. */
function fieldsOf(row: AppendRow): (string | number | null)[] {
  return [
    row.id,
    row.occurredAt,
    row.recordedAt,
    row.organizationId,
    row.action,
    row.status,
    row.targetType,
    row.targetId,
    row.outcome,
    row.correlationId,
    row.eventVersion,
    row.dataClassification,
    row.retentionPolicy,
    row.processingMs,
    row.detailsText,
    row.actorToken,
    hex(row.actorPersonal),
    hex(row.actorDigest),
    row.targetToken,
    hex(row.targetPersonal),
    hex(row.targetDigest),
    row.leafVersion,
    `\\x${row.leaf}`,
    hex(row.salts),
  ];
}

/** Names of the event's columns, in one order for every statement that copies events. */
export const eventColumns = columns.map(([column]) => column).join(", ");

/** ASCII's own separators; and what no event's text may hold (`findTextProblem`), for events that hold those. */
const usual = { field: "\x1f", row: "\x1e" };
const rare = { field: "\ufdd0", row: "\ufdd1" };

/**
 * Rows as the parameters `$1` to `$3` of `wireRows`: their text, what stands between fields and what between rows. No
 * field of an event is empty, so an empty one is null.
 */
export function toWire(rows: readonly AppendRow[]): [text: string, field: string, row: string] {
  const between = rows.some(holdsSeparator) ? rare : usual;
  const text = rows.map((row) => fieldsOf(row).join(between.field)).join(between.row);
  return [text, between.field, between.row];
}

/** Of the texts alone: JSON escapes control characters, and the others hold none. */
function holdsSeparator(row: AppendRow): boolean {
  const { organizationId, action, targetType, targetId, outcome, correlationId } = row;
  const { retentionPolicy, actorToken, targetToken } = row;
  const texts = `${organizationId}${action}${targetType}${targetId}${outcome}${correlationId}${retentionPolicy}${actorToken}${targetToken}`;
  return texts.includes(usual.field) || texts.includes(usual.row);
}

/** As PostgreSQL reads bytes. */
function hex(bytes: Uint8Array | null): string | null {
  return bytes && `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}

/**
 * `$1`, `$2` and `$3` of `toWire` as rows of `ord`, counted from 0, and the event's columns. Splitting text takes a
 * third of what `json_to_recordset` takes for the same rows, less than COPY into a temporary table, and half of
 * `unnest` of an array for each column (ADR 37). `offset 0`: without it each column would split its line anew.
 */
export const wireRows = `
select ord::int - 1 as ord, ${columns.map(([column, type], at) => `fields[${at + 1}]::${type} as ${column}`).join(", ")}
from (
  select ord, string_to_array(line, $2, '') as fields
  from string_to_table($1, $3) with ordinality as lines (line, ord) offset 0
) split offset 0`;
