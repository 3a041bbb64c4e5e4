import { type RedactableField, redactableFields } from "../../audit-db/append/salts.ts";

/** Events of a target that a scope names to whoever reads it; all of them are kept for a redaction. */
export const clearMost = 1_000;

const columnOf: Record<RedactableField, string> = {
  details: "details",
  targetId: "target_id",
  outcome: "outcome",
  correlationId: "correlation_id",
};

/** Columns that can be redacted, in the order of their fields. */
export const clearColumns = redactableFields.map((field) => columnOf[field]);

export function fieldsOf(columns: readonly string[]): RedactableField[] {
  return redactableFields.filter((field) => columns.includes(columnOf[field]));
}
