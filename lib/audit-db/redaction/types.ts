import type { RedactableField } from "../append/salts.ts";

/** Whose ciphertext. */
export type PersonSide = "actor" | "target";

/** What of an event is to go. */
export interface RedactionAsked {
  id: string;
  /** ISO 8601; with the id it names the event, under whatever policy and wherever it stands. */
  occurredAt: string;
  fields: readonly RedactableField[];
  /** Ciphertexts to remove as well. */
  personal?: readonly PersonSide[];
  /** Go on where the row's leaf does not match: it was redacted before under version 1, or changed, and that is known. */
  evenIfLeafDiffers?: boolean;
}

/** What became of one row of an event. */
export interface RedactedRow {
  id: string;
  /** ISO 8601, UTC, microseconds. */
  occurredAt: string;
  retentionPolicy: string;
  table: "audit_log" | "audit_quarantine";
  /** The table that holds it, quoted and qualified. */
  partition: string;
  /**
   * `redacted` now. `already`: of what was asked nothing was left to take away, by an earlier redaction or from the
   * beginning. `leaf differs`: the row is not as it was written; nothing was done.
   */
  outcome: "redacted" | "already" | "leaf differs";
  leafVersion: number;
  /** Lower-case hex; it stays. Empty for a row from before leaves. */
  leaf: string;
  /**
   * The asked fields that are redacted now, each with its commitment in lower-case hex; null on rows below version 2,
   * whose leaf holds none. A field that was null from the beginning is left out; below version 2 nobody can tell, and
   * a text that is null counts.
   */
  fields: Partial<Record<RedactableField, string | null>>;
  /** The asked ciphertexts that are gone now. */
  personal: PersonSide[];
}

export interface RedactionsDone {
  rows: RedactedRow[];
  /** Asked events that stand nowhere. */
  missing: { id: string; occurredAt: string }[];
  /** Tables with dead rows that still hold what was taken away; for `vacuumTouched`. */
  partitions: string[];
}
