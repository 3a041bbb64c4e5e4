import type { EventFilters, EventKey } from "./types.ts";

export const exportFormats = ["ndjson", "csv"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions {
  format: ExportFormat;
  /** Only what lies after this event: going on where an export broke off. */
  after?: EventKey | undefined;
  /** CSV for spreadsheets: a cell that one would take for a formula begins with an apostrophe. */
  spreadsheet?: boolean | undefined;
}

/** A COPY statement whose `%n$L` the server itself fills with quoted literals: COPY takes no parameters. */
export interface CopyTemplate {
  template: string;
  values: string[];
}

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const hex = (column: string) => `encode(${column}, 'hex')`;
const columns: readonly [name: string, sql: string, text: boolean][] = [
  ["occurredAt", time("occurred_at"), false],
  ["id", "id", false],
  ["recordedAt", time("recorded_at"), false],
  ["organizationId", "organization_id", true],
  ["action", "action", true],
  ["status", "status", false],
  ["targetType", "target_type", true],
  ["targetId", "target_id", true],
  ["outcome", "outcome", true],
  ["correlationId", "correlation_id", true],
  ["eventVersion", "event_version", false],
  ["dataClassification", "data_classification", false],
  ["retentionPolicy", "retention_policy", true],
  ["processingMs", "processing_ms", false],
  ["details", "details", false],
  ["actorToken", "actor_token", true],
  ["actorPersonal", hex("actor_personal"), false],
  ["actorDigest", hex("actor_digest"), false],
  ["targetToken", "target_token", true],
  ["targetPersonal", hex("target_personal"), false],
  ["targetDigest", hex("target_digest"), false],
  ["leafVersion", "leaf_version", false],
  ["leaf", hex("leaf"), false],
];

/** Tokens already stand for people in `filters.actor` and `filters.target`. */
export function exportStatement(filters: EventFilters, options: ExportOptions): CopyTemplate {
  const values: string[] = [];
  const literal = (value: string) => `%${values.push(value)}$L`;
  const where = [
    `occurred_at >= ${literal(filters.from.toISOString())}::timestamptz`,
    `occurred_at < ${literal(filters.to.toISOString())}::timestamptz`,
  ];
  const { text, action } = filters;
  if (options.after) {
    const at = `${literal(options.after.occurredAt)}::timestamptz`;
    where.push(`occurred_at >= ${at}`, `(occurred_at, id) > (${at}, ${literal(options.after.id)}::uuid)`);
  }
  const equal: [string, string | undefined][] = [
    ["actor_token", filters.actor],
    ["target_type", filters.targetType],
    ["organization_id", filters.organization],
    ["status", filters.status],
    ["data_classification", filters.classification],
    ["retention_policy", filters.policy],
    ["correlation_id", filters.correlation],
  ];
  for (const [column, value] of equal) if (value !== undefined) where.push(`${column} = ${literal(value)}`);
  if (filters.target !== undefined) {
    const target = literal(filters.target);
    where.push(`(target_token = ${target} or target_id = ${target})`);
  }
  if (action?.endsWith("*")) where.push(`starts_with(action, ${literal(action.slice(0, -1))})`);
  else if (action !== undefined) where.push(`action = ${literal(action)}`);
  if (text !== undefined)
    where.push(`details::text ilike ${literal(`%${text.replace(/[\\%_]/g, "\\$&")}%`)}`);
  const rows = `from public.audit_log where ${where.join(" and ")} order by occurred_at, id`;
  return {
    template: options.format === "csv" ? csv(rows, options.spreadsheet === true) : ndjson(rows),
    values,
  };
}

function csv(rows: string, spreadsheet: boolean): string {
  const list = columns.map(([name, sql, text]) => `${text && spreadsheet ? inert(sql) : sql} as "${name}"`);
  return `copy (select ${list.join(", ")} ${rows}) to stdout (format csv, header)`;
}

/** Formulas begin with = + - @, or with a tab or carriage return before one. */
function inert(sql: string): string {
  return `case when ${sql} ~ '^[=+@\\t\\r-]' then '''' || ${sql} else ${sql} end`;
}

/** CSV with a quote and a delimiter that JSON escapes, so the lines come out as JSON has them. */
function ndjson(rows: string): string {
  const list = columns.map(([name, sql]) => `${sql} as "${name}"`);
  return (
    `copy (select row_to_json(event) from (select ${list.join(", ")} ${rows}) as event) ` +
    "to stdout (format csv, quote e'\\x01', delimiter e'\\x02')"
  );
}
