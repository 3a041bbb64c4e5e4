import type { LeafRow } from "./leaf.ts";

/** A row as `leafColumns` selects it: as in LeafRow, but for times. */
export type StoredLeafRow = Omit<LeafRow, "occurredAt" | "recordedAt"> & {
  /** Microseconds since 1970 as text; null when the time is infinite. */
  occurredMicros: string | null;
  recordedMicros: string | null;
};

const plain = [
  ["id::text", "id"],
  ["organization_id", "organizationId"],
  ["action", "action"],
  ["status", "status"],
  ["target_type", "targetType"],
  ["target_id", "targetId"],
  ["outcome", "outcome"],
  ["correlation_id", "correlationId"],
  ["event_version", "eventVersion"],
  ["data_classification", "dataClassification"],
  ["retention_policy", "retentionPolicy"],
  ["processing_ms", "processingMs"],
  ["details", "details"],
  ["actor_token", "actorToken"],
  ["actor_digest", "actorDigest"],
  ["target_token", "targetToken"],
  ["target_digest", "targetDigest"],
  ["leaf_version", "leafVersion"],
  ["salts", "salts"],
] as const;

/**
 * The columns a leaf covers, as a select list for `leafRowFromDatabase`. Times as microseconds: their text depends on
 * the session's time zone and date style, and a Date would lose three digits.
 */
export const leafColumns = [
  ...plain.map(([column, alias]) => `${column} as "${alias}"`),
  ...(["occurred", "recorded"] as const).map(
    (name) =>
      `case when isfinite(${name}_at) then (extract(epoch from ${name}_at) * 1000000)::int8::text end as "${name}Micros"`,
  ),
].join(", ");

/**
 * What `leafOf` takes, from a row read with `leafColumns`.
 * @throws Error for an infinite time, which the engine never writes: such a row has no leaf
 */
export function leafRowFromDatabase(row: StoredLeafRow): LeafRow {
  const { occurredMicros, recordedMicros, ...rest } = row;
  return { ...rest, occurredAt: toTime(occurredMicros), recordedAt: toTime(recordedMicros) };
}

/** ISO 8601 in UTC with six digits of a second. */
function toTime(micros: string | null): string {
  if (micros === null) throw new Error("an infinite time has no leaf");
  const value = BigInt(micros);
  const inMs = ((value % 1_000n) + 1_000n) % 1_000n;
  const ms = Number((value - inMs) / 1_000n);
  return `${new Date(ms).toISOString().slice(0, -1)}${String(inMs).padStart(3, "0")}Z`;
}
