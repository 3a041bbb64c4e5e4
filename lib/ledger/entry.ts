import { z } from "zod";

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const token = z.string().min(1).max(200);

/** Fields of an event that can be redacted, in the order of their salts. */
export const redactableFields = ["details", "targetId", "outcome", "correlationId"] as const;
export type RedactableField = (typeof redactableFields)[number];

/** What an entry of the privacy ledger says, by kind; the same in its receipt. No personal data. */
export const ledgerFacts = {
  /** A key was destroyed: what stands under this token in these policies is unreadable for good. */
  erasure: z.strictObject({
    token,
    /** Of the destroyed key; null where the key is kept for other policies and only these rows are closed. */
    keyId: hex(16).nullable(),
    policies: z.array(z.string()),
  }),
  restriction: z.strictObject({ tokens: z.array(token), ground: z.string() }),
  restriction_lifted: z.strictObject({ tokens: z.array(token) }),
  redaction: z.strictObject({
    id: z.uuid(),
    occurredAt: z.string(),
    policy: z.string(),
    leafVersion: z.int(),
    /** The row's leaf, which stays. */
    leaf: hex(32),
    /** SHA-256(salt ‖ value) in hex of each redacted field; null on version 1 rows, whose leaf holds no commitment. */
    fields: z.partialRecord(z.enum(redactableFields), hex(32).nullable()),
    /** Whether ciphertexts were removed too. */
    personal: z.array(z.enum(["actor", "target"])),
  }),
} as const;

export type LedgerFacts = { [Kind in keyof typeof ledgerFacts]: z.infer<(typeof ledgerFacts)[Kind]> };

/** One entry, as it is written and as its receipt carries it. */
export type LedgerEntry = {
  [Kind in keyof LedgerFacts]: { kind: Kind; target: string; facts: LedgerFacts[Kind] };
}[keyof LedgerFacts];
