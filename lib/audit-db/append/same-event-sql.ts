import { redactableFields, saltBytes } from "./salts.ts";

const columnOf = {
  details: "details",
  targetId: "target_id",
  outcome: "outcome",
  correlationId: "correlation_id",
};

/** What an event says besides its key and what can be redacted. The digests say what the ciphertexts are. */
const plain = [
  "organization_id",
  "action",
  "status",
  "target_type",
  "event_version",
  "data_classification",
  "processing_ms",
  "actor_token",
  "actor_digest",
  "target_token",
  "target_digest",
];

/**
 * Whether two rows under one key are the same event, as SQL: leaves alone do not tell, since each row has salts and a
 * time of recording of its own. A field whose value one of them lost by redaction counts as the same.
 */
export function sameEventSql(one: string, other: string): string {
  const list = (row: string) => plain.map((column) => `${row}.${column}`).join(", ");
  const fields = redactableFields.map((field, slot) => {
    const column = columnOf[field];
    const lost = (row: string) =>
      `${row}.${column} is not null and substring(${row}.salts from ${slot * saltBytes + 1} for ${saltBytes}) = '\\x${"00".repeat(saltBytes)}'`;
    return `(${one}.${column} is not distinct from ${other}.${column} or coalesce(${lost(one)} or ${lost(other)}, false))`;
  });
  const marked = (row: string) => `${row}.leaf_version < 2 and ${row}.details = '{"redacted": true}'`;
  fields[0] = `(${fields[0]} or ${marked(one)} or ${marked(other)})`;
  return `(${one}.leaf = ${other}.leaf or (${list(one)}) is not distinct from (${list(other)}) and ${fields.join(" and ")})`;
}
