import canonicalize from "canonicalize";
import { commitmentOf } from "../append/leaf.ts";
import { leafMatches } from "../append/leaf-matches.ts";
import type { StoredLeafRow } from "../append/leaf-row.ts";
import {
  commitmentIn,
  hasSalt,
  type RedactableField,
  redactableFields,
  redactedForm,
  redactedMarker,
  saltBytes,
} from "../append/salts.ts";
import type { PersonSide, RedactedRow, RedactionAsked } from "./types.ts";

/** A row as it is read to be redacted. */
export type RowToRedact = StoredLeafRow &
  Pick<RedactedRow, "table" | "partition" | "occurredAt"> & {
    leaf: Uint8Array;
    hasActor: boolean;
    hasTarget: boolean;
  };

/** What its columns become; null where nothing changes. */
export interface RowChange {
  fields: Partial<Record<RedactableField, string | null>>;
  salts: Buffer | null;
  personal: PersonSide[];
}

/** What is to be done with a row, and what will have become of it. */
export function judgeRow(
  row: RowToRedact,
  asked: RedactionAsked,
): { answer: RedactedRow; change: RowChange | null } {
  const answer: RedactedRow = {
    id: row.id,
    occurredAt: row.occurredAt,
    retentionPolicy: row.retentionPolicy,
    table: row.table,
    partition: row.partition,
    outcome: "already",
    leafVersion: row.leafVersion,
    leaf: Buffer.from(row.leaf).toString("hex"),
    fields: {},
    personal: [...new Set(asked.personal)].sort(),
  };
  const personal = answer.personal.filter((side) => (side === "actor" ? row.hasActor : row.hasTarget));
  const change: RowChange = { fields: {}, salts: row.salts && Buffer.from(row.salts), personal };
  for (const field of redactableFields)
    if (asked.fields.includes(field)) redactField(row, field, answer.fields, change);
  if (personal.length === 0 && Object.keys(change.fields).length === 0) return { answer, change: null };
  const proven = row.leafVersion === 0 || leafMatches(row, row.leaf);
  if (!proven && !asked.evenIfLeafDiffers)
    return { answer: { ...answer, outcome: "leaf differs", fields: {}, personal: [] }, change: null };
  return { answer: { ...answer, outcome: "redacted" }, change };
}

function redactField(
  row: RowToRedact,
  field: RedactableField,
  done: RedactedRow["fields"],
  change: RowChange,
): void {
  const value = row[field];
  const text = value === null ? null : field === "details" ? (canonicalize(value) as string) : `${value}`;
  if (row.leafVersion < 2 || change.salts === null) {
    const marker = field === "details" ? redactedMarker : null;
    done[field] = null;
    if (text !== marker) change.fields[field] = marker;
    return;
  }
  if (text === null) return;
  const slot = redactableFields.indexOf(field);
  if (!hasSalt(change.salts, slot)) {
    done[field] = commitmentIn(field, text);
    return;
  }
  const commitment = commitmentOf(field, text, change.salts);
  done[field] = commitment;
  change.fields[field] = redactedForm(field, commitment);
  change.salts.fill(0, slot * saltBytes, (slot + 1) * saltBytes);
}
