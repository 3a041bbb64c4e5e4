/** A table's privileges of one role, as docs/permissions.md promises them. */
export interface PromisedGrant {
  table: string;
  role: string;
  privilege: string;
  /** null: the whole table. */
  columns: readonly string[] | null;
}

const eventColumns =
  "id occurred_at recorded_at organization_id action status target_type target_id outcome correlation_id event_version data_classification retention_policy processing_ms details actor_token target_token actor_personal actor_digest target_personal target_digest leaf_version leaf salts".split(
    " ",
  );
const writerReads = ["retention_policy", "occurred_at", "id", "recorded_at", "leaf_version", "leaf", "salts"];
const redactable = "details target_id outcome correlation_id salts actor_personal target_personal".split(" ");

const grant = (
  table: string,
  role: string,
  privilege: string,
  columns: readonly string[] | null = null,
): PromisedGrant => ({ table, role: `audit_${role}`, privilege, columns });

/** Every grant there is on the tables of the audit schema; a test compares it with what the migrations make. */
export const promisedGrants: readonly PromisedGrant[] = [
  grant("audit_log", "writer", "INSERT", eventColumns),
  grant("audit_log", "writer", "SELECT", writerReads),
  grant("audit_log", "reader", "SELECT"),
  grant("audit_log", "privacy", "SELECT"),
  grant("audit_log", "privacy", "UPDATE", redactable),
  grant("audit_quarantine", "writer", "INSERT", [...eventColumns, "reason"]),
  grant("audit_quarantine", "writer", "SELECT", [...writerReads, "reason", "resolved_at"]),
  grant("audit_quarantine", "reader", "SELECT"),
  grant("audit_quarantine", "privacy", "SELECT"),
  grant("audit_quarantine", "privacy", "UPDATE", redactable),
  ...["retention_policy", "audit_fence"].flatMap((table) =>
    ["writer", "reader", "privacy"].map((role) => grant(table, role, "SELECT")),
  ),
  grant("audit_idempotency", "writer", "SELECT"),
  grant("audit_idempotency", "writer", "INSERT"),
  grant("audit_migrations", "reader", "SELECT"),
];

export const promisedOwner = "audit_maintainer";
/** Every table of the schema but the partitions, which nobody is granted anything on. */
export const promisedTables: readonly string[] = [...new Set(promisedGrants.map(({ table }) => table))];
/** What others may read as well: the explain role does. */
export const readableByOthers: readonly string[] = [
  "audit_log",
  "audit_quarantine",
  "retention_policy",
  "audit_fence",
];
