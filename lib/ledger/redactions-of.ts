import type { Sql } from "postgres";
import { type RedactableField, redactableFields } from "./entry.ts";
import type { RedactionReceipt } from "./undone-redactions.ts";

/** A redaction of one event as the ledger has it, in the shape in which a leaf is checked with it. */
export interface EventRedaction {
  /** The receipt's number. */
  entry: number;
  /** Lower-case hex; the row's own, which stays. */
  leaf: string;
  fields: RedactableField[];
  /** ISO 8601 */
  at: string;
}

/** What the ledger says was redacted of one event, the oldest first. */
export async function redactionsOf(sql: Sql, target: string, id: string): Promise<EventRedaction[]> {
  const rows = await sql<{ entry: string; facts: RedactionReceipt["facts"]; at: Date }[]>`
    select entry, facts, at from privacy_ledger
    where kind = 'redaction' and facts ->> 'id' = ${id} and target = ${target} order by entry`;
  return rows.map(({ entry, facts, at }) => ({
    entry: Number(entry),
    leaf: facts.leaf,
    fields: redactableFields.filter((field) => field in facts.fields),
    at: at.toISOString(),
  }));
}

/** A stretch of one policy's events. */
export interface EventRange {
  target: string;
  policy: string;
  /** `occurred_at`: from inclusive, to exclusive; null is without end. */
  from: Date | null;
  to: Date | null;
}

/**
 * How many events of a stretch were redacted on record: what a sealed partition may differ in from its seal, and no row
 * more. An event that was redacted twice counts once.
 */
export async function countRedactedEvents(
  sql: Sql,
  { target, policy, from, to }: EventRange,
): Promise<number> {
  const [row] = await sql<{ events: number }[]>`
    select count(distinct facts ->> 'id')::int as events from privacy_ledger
    where kind = 'redaction' and target = ${target} and facts ->> 'policy' = ${policy}
      and (${from}::timestamptz is null or (facts ->> 'occurredAt')::timestamptz >= ${from})
      and (${to}::timestamptz is null or (facts ->> 'occurredAt')::timestamptz < ${to})`;
  return row?.events ?? 0;
}
