import type { Sql } from "postgres";
import { type RedactableField, redactableFields } from "./entry.ts";
import type { Receipt } from "./receipt.ts";

export type RedactionReceipt = Extract<Receipt, { kind: "redaction" }>;

type Stood = { entry: number; leaf: string; actor: boolean; target: boolean } & Record<
  RedactableField,
  string | null
>;

/**
 * Redactions that do not stand in the log: the row is there, and a value or a ciphertext that was taken is there again.
 * A row that is not there has nothing to hide. Each is looked up by its key.
 */
export async function findUndoneRedactions(
  sql: Sql,
  redactions: readonly RedactionReceipt[],
  table = "public.audit_log",
): Promise<RedactionReceipt[]> {
  if (redactions.length === 0) return [];
  const asked = JSON.stringify(
    redactions.map(({ entry, facts }) => ({
      entry,
      id: facts.id,
      at: facts.occurredAt,
      policy: facts.policy,
    })),
  );
  const rows = await sql<Stood[]>`
    select asked.entry, encode(l.leaf, 'hex') as leaf, l.details ->> 'redacted' as details, l.target_id as "targetId",
           l.outcome, l.correlation_id as "correlationId", l.actor_personal is not null as actor,
           l.target_personal is not null as target
    from json_to_recordset(${asked}::text::json) as asked(entry int, id uuid, at timestamptz, policy text)
    join ${sql.unsafe(table)} l on l.retention_policy = asked.policy and l.occurred_at = asked.at and l.id = asked.id`;
  const found = new Map(rows.map((row) => [row.entry, row]));
  return redactions.filter(({ entry, facts }) => {
    const row = found.get(entry);
    return row !== undefined && !stands(row, facts);
  });
}

function stands(row: Stood, { fields, personal }: RedactionReceipt["facts"]): boolean {
  if (personal.some((whose) => row[whose])) return false;
  return redactableFields.every((field) => {
    const commitment = fields[field];
    if (commitment === undefined) return true;
    if (field === "details") return row.details === (commitment ?? "true");
    return row[field] === (commitment === null ? null : `redacted:${commitment}`);
  });
}
