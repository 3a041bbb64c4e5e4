import { type RedactableField, redactableFields } from "../../audit-db/append/salts.ts";
import type { ScopeTarget } from "../scope-types.ts";

/** Events that are named; further ones are counted. */
export const clearMost = 10_000;

/** What of a target's events names the person in clear. */
export type Clear = Pick<ScopeTarget, "clear" | "clearEvents">;

export const nothingClear = (): Clear => ({ clear: [], clearEvents: 0 });

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
