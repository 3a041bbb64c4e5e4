import { createHash } from "node:crypto";

/**
 * Leaf versions 1 and 2, written from docs/leaf.md alone: shares no code with the engine, so that a mistake in one of
 * the two shows. Microseconds of times are given, not computed.
 */
export interface RecomputedRow {
  id: string;
  occurredMicros: bigint;
  recordedMicros: bigint;
  organization_id: string;
  action: string;
  status: string;
  target_type: string | null;
  target_id: string | null;
  outcome: string | null;
  correlation_id: string | null;
  event_version: number;
  data_classification: string;
  retention_policy: string;
  processing_ms: number | null;
  details: unknown;
  actor_token: string | null;
  actor_digest: Uint8Array | null;
  target_token: string | null;
  target_digest: Uint8Array | null;
  leaf_version: number;
  salts: Uint8Array | null;
}

const utf8 = new TextEncoder();

/** The bytes that are hashed. */
export function encodeLeaf(row: RecomputedRow): Uint8Array {
  const fields: Uint8Array[] = [
    field(
      1,
      4,
      Uint8Array.from(row.id.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16)),
    ),
    field(2, 3, int64(row.occurredMicros)),
    field(3, 3, int64(row.recordedMicros)),
    field(4, 1, text(row.organization_id)),
    field(5, 1, text(row.action)),
    field(6, 1, text(row.status)),
    field(7, 1, text(row.target_type)),
    redactable(row, 8, 1, row.target_id),
    redactable(row, 9, 2, row.outcome),
    redactable(row, 10, 3, row.correlation_id),
    field(11, 2, int64(BigInt(row.event_version))),
    field(12, 1, text(row.data_classification)),
    field(13, 1, text(row.retention_policy)),
    field(14, 2, row.processing_ms === null ? null : int64(BigInt(row.processing_ms))),
    row.leaf_version === 1
      ? field(15, 5, text(canonicalText(row.details)))
      : redactable(row, 15, 0, canonicalText(row.details)),
    field(16, 1, text(row.actor_token)),
    field(17, 6, row.actor_digest),
    field(18, 1, text(row.target_token)),
    field(19, 6, row.target_digest),
  ];
  return join([utf8.encode("audit-db leaf\0"), Uint8Array.of(0, row.leaf_version), ...fields]);
}

/** The leaf in hex. */
export function recomputeLeaf(row: RecomputedRow): string {
  return createHash("sha256").update(encodeLeaf(row)).digest("hex");
}

/** From version 2 on the commitment: of salt and value, or where the slot is empty what the redacted field holds. */
function redactable(row: RecomputedRow, number: number, slot: number, value: string | null): Uint8Array {
  if (row.leaf_version === 1) return field(number, 1, text(value));
  if (value === null) return field(number, 7, null);
  const salt = row.salts?.subarray(slot * 16, slot * 16 + 16) ?? new Uint8Array();
  if (salt.some((byte) => byte !== 0))
    return field(number, 7, createHash("sha256").update(salt).update(utf8.encode(value)).digest());
  const held =
    slot === 0 ? (JSON.parse(value) as { redacted: string }).redacted : value.slice("redacted:".length);
  return field(number, 7, Uint8Array.from(Buffer.from(held, "hex")));
}

function field(number: number, type: number, value: Uint8Array | null): Uint8Array {
  const head = new DataView(new ArrayBuffer(6));
  head.setUint8(0, number);
  head.setUint8(1, value === null ? 0 : type);
  head.setUint32(2, value?.length ?? 0);
  return join([new Uint8Array(head.buffer), value ?? new Uint8Array()]);
}

function int64(value: bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigInt64(0, value);
  return new Uint8Array(view.buffer);
}

function text(value: string | null): Uint8Array | null {
  return value === null ? null : utf8.encode(value);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** RFC 8785: members sorted by UTF-16 code units, no blanks, strings and numbers as ECMAScript writes them. */
function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${canonicalText(inner)}`).join(",")}}`;
}
