import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import { leafVersion } from "./leaf.ts";
import { leafMatches } from "./leaf-matches.ts";
import type { StoredLeafRow } from "./leaf-row.ts";
import { hasSalt, type RedactableField, redactableFields, redactedMarker } from "./salts.ts";

/** A whole row as it stands. */
export type StoredRow = StoredLeafRow & {
  leaf: Uint8Array;
  actorPersonal: Uint8Array | null;
  targetPersonal: Uint8Array | null;
};

export interface CheckedLeaf {
  /**
   * `matches`: the row is as it was written. `matches, redacted`: what is left of it is, and its leaf proves that the
   * commitments stand for what left. `redacted, shown by receipt`: a row of version 1, whose leaf holds no commitment, and
   * a receipt says what left; whether the rest is as it was nobody can prove. `differs`: it was changed.
   */
  check:
    | "matches"
    | "matches, redacted"
    | "redacted, shown by receipt"
    | "differs"
    | "no leaf"
    | "unknown version";
  /** What was taken away, as far as the row itself tells. */
  redacted: (RedactableField | "actor" | "target")[];
  /** Numbers of the ledger's entries that show it, where the leaf cannot. */
  receipts: number[];
}

/** What the ledger says was redacted of one row. */
export interface RedactionReceipt {
  /** Its number in the ledger. */
  entry: number;
  /** Lower-case hex. */
  leaf: string;
  fields: readonly RedactableField[];
}

/**
 * Makes the leaf of a row anew, and the digests of its ciphertexts, and compares them with what is stored.
 * @param receipts of this row, for one that version 1 cannot prove
 */
export function checkLeaf(row: StoredRow, receipts: readonly RedactionReceipt[] = []): CheckedLeaf {
  const redacted = findRedacted(row);
  const found = (check: CheckedLeaf["check"]): CheckedLeaf => ({ check, redacted, receipts: [] });
  if (row.leafVersion === 0) return found("no leaf");
  if (row.leafVersion > leafVersion) return found("unknown version");
  const digestsMatch =
    digestMatches(row.actorPersonal, row.actorDigest) && digestMatches(row.targetPersonal, row.targetDigest);
  if (digestsMatch && leafMatches(row, row.leaf))
    return found(redacted.length > 0 ? "matches, redacted" : "matches");
  const received = receipts.filter(({ leaf }) => leaf === Buffer.from(row.leaf).toString("hex"));
  const shown = redactableFields.filter((field) => received.some(({ fields }) => fields.includes(field)));
  if (
    !digestsMatch ||
    row.leafVersion !== 1 ||
    shown.length === 0 ||
    !shown.every((field) => isMarked(row, field))
  )
    return found("differs");
  return {
    check: "redacted, shown by receipt",
    redacted: [...shown, ...redacted],
    receipts: received.map(({ entry }) => entry),
  };
}

/** As a redacted field of version 1 looks. */
function isMarked(row: StoredRow, field: RedactableField): boolean {
  return field === "details" ? canonicalize(row.details) === redactedMarker : row[field] === null;
}

/** Below version 2 a text that is null may have been so from the beginning, and `details` may have come like that. */
function findRedacted(row: StoredRow): CheckedLeaf["redacted"] {
  const { salts } = row;
  return [
    ...(row.leafVersion < 2 || salts === null
      ? []
      : redactableFields.filter((field, slot) => row[field] !== null && !hasSalt(salts, slot))),
    ...(row.actorDigest && !row.actorPersonal ? (["actor"] as const) : []),
    ...(row.targetDigest && !row.targetPersonal ? (["target"] as const) : []),
  ];
}

function digestMatches(personal: Uint8Array | null, digest: Uint8Array | null): boolean {
  if (personal === null) return true;
  return digest !== null && hash("sha256", personal, "hex") === Buffer.from(digest).toString("hex");
}
