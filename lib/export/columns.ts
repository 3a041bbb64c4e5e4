/** How the server sends a column in COPY's binary form. */
export type Kind = "time" | "uuid" | "text" | "integer" | "json" | "bytes";

export interface ExportColumn {
  /** As JSON's key, the CSV's header and the Parquet file have it. */
  name: string;
  /** In audit_log. */
  column: string;
  kind: Kind;
  /** The column's type in a Parquet file. */
  parquet: string;
}

const define = (kind: Kind, parquet: string, column: string): ExportColumn => ({
  name: column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
  column,
  kind,
  parquet,
});

/** Every column of an event but xact_id, in the order they are exported; the key comes first. */
export const exportColumns: readonly ExportColumn[] = [
  define("time", "TIMESTAMPTZ", "occurred_at"),
  define("uuid", "UUID", "id"),
  define("time", "TIMESTAMPTZ", "recorded_at"),
  define("text", "VARCHAR", "organization_id"),
  define("text", "VARCHAR", "action"),
  define("text", "VARCHAR", "status"),
  define("text", "VARCHAR", "target_type"),
  define("text", "VARCHAR", "target_id"),
  define("text", "VARCHAR", "outcome"),
  define("text", "VARCHAR", "correlation_id"),
  define("integer", "SMALLINT", "event_version"),
  define("text", "VARCHAR", "data_classification"),
  define("text", "VARCHAR", "retention_policy"),
  define("integer", "INTEGER", "processing_ms"),
  define("json", "JSON", "details"),
  define("text", "VARCHAR", "actor_token"),
  define("bytes", "BLOB", "actor_personal"),
  define("bytes", "BLOB", "actor_digest"),
  define("text", "VARCHAR", "target_token"),
  define("bytes", "BLOB", "target_personal"),
  define("bytes", "BLOB", "target_digest"),
  define("integer", "SMALLINT", "leaf_version"),
  define("bytes", "BLOB", "leaf"),
  define("bytes", "BLOB", "salts"),
];
