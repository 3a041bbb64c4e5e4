import { randomBytes } from "node:crypto";

/** Fields of an event whose value can be taken away without its leaf, in the order of their salts. */
export const redactableFields = ["details", "targetId", "outcome", "correlationId"] as const;
export type RedactableField = (typeof redactableFields)[number];

export const saltBytes = 16;
/** Of the column `salts`: a slot for each field, zeros where it has no salt. */
const saltsBytes = saltBytes * redactableFields.length;

/**
 * Salts for rows to be: random, never made of a key, whose owner could test guesses at a redacted value for ever.
 * @param rows each with the fields that are null, which have no salt
 */
export function drawSalts<Row>(
  rows: readonly Row[],
  isNull: (row: Row, field: RedactableField) => boolean,
): Buffer[] {
  const drawn = randomBytes(rows.length * saltsBytes);
  return rows.map((row, index) => {
    const salts = drawn.subarray(index * saltsBytes, (index + 1) * saltsBytes);
    for (const [slot, field] of redactableFields.entries())
      if (isNull(row, field)) salts.fill(0, slot * saltBytes, (slot + 1) * saltBytes);
    return salts;
  });
}

/** Whether a field has a salt: one without was null, or is redacted. */
export function hasSalt(salts: Uint8Array, slot: number): boolean {
  for (let at = slot * saltBytes; at < (slot + 1) * saltBytes; at++) if (salts[at] !== 0) return true;
  return false;
}

/** What stands in `details` of a redacted row whose leaf holds no commitment; a text is null there. */
export const redactedMarker = '{"redacted":true}';

/** What stands in a redacted field of a row whose leaf holds its commitment (64 hexadecimal digits). */
export function redactedForm(field: RedactableField, commitment: string): string {
  return field === "details" ? `{"redacted":"${commitment}"}` : `redacted:${commitment}`;
}

/** The commitment that a field's text holds (`details` in its RFC 8785 form), null where it is not of that form. */
export function commitmentIn(field: RedactableField, text: string): string | null {
  const form = field === "details" ? /^\{"redacted":"([0-9a-f]{64})"\}$/ : /^redacted:([0-9a-f]{64})$/;
  return form.exec(text)?.[1] ?? null;
}
