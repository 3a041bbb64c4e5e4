import { type KeyObject, sign } from "node:crypto";
import { base64url, compactVerify, decodeProtectedHeader } from "jose";
import { z } from "zod";
import { type LedgerEntry, ledgerFacts } from "./entry.ts";

/** The first bytes of all that is signed as a receipt: nothing else that the console signs is of this type. */
const receiptType = "audit-db-privacy-receipt";

const common = {
  v: z.literal(1),
  /** Number in the ledger. */
  entry: z.int().min(1),
  target: z.string(),
  /** Of the event that carries it. */
  receiptId: z.uuid(),
  at: z.iso.datetime(),
  /** `personToken` of whoever did it, or `console_system`. */
  by: z.string(),
};

const receipt = z.discriminatedUnion("kind", [
  z.strictObject({ ...common, kind: z.literal("erasure"), facts: ledgerFacts.erasure }),
  z.strictObject({ ...common, kind: z.literal("restriction"), facts: ledgerFacts.restriction }),
  z.strictObject({ ...common, kind: z.literal("restriction_lifted"), facts: ledgerFacts.restriction_lifted }),
  z.strictObject({ ...common, kind: z.literal("redaction"), facts: ledgerFacts.redaction }),
]);

/** An entry of the ledger as its receipt says it. */
export type Receipt = LedgerEntry & Omit<z.output<typeof receipt>, "kind" | "facts" | "v">;

/** A compact JWS (EdDSA) over the entry. */
export function signReceipt(
  { entry, target, kind, facts, receiptId, at, by }: Receipt,
  { kid, key }: { kid: string; key: KeyObject },
): string {
  const header = JSON.stringify({ typ: receiptType, alg: "EdDSA", kid });
  const payload = JSON.stringify({ v: 1, entry, target, kind, facts, receiptId, at, by });
  const signed = `${base64url.encode(header)}.${base64url.encode(payload)}`;
  return `${signed}.${base64url.encode(sign(null, Buffer.from(signed), key))}`;
}

/** Why what says to be a receipt is nobody's word. */
export const untrustedReasons = [
  "no signature",
  "no receipt",
  "unknown key",
  "wrong signature",
  "another's receipt",
] as const;
export type Untrusted = (typeof untrustedReasons)[number];

/** What a receipt is worth: whose word it is, or why it is nobody's. */
export type JudgedReceipt =
  | { trusted: true; receipt: Receipt }
  | { trusted: false; why: Untrusted; kid: string | null };

/** @param findKey the public key of a kid, null where this console knows none */
export async function judgeReceipt(
  jws: unknown,
  findKey: (kid: string) => Promise<KeyObject | null>,
): Promise<JudgedReceipt> {
  if (typeof jws !== "string") return { trusted: false, why: "no signature", kid: null };
  const kid = kidOf(jws);
  if (kid === null) return { trusted: false, why: "no receipt", kid };
  const key = await findKey(kid);
  if (key === null) return { trusted: false, why: "unknown key", kid };
  try {
    const { payload } = await compactVerify(jws, key, { algorithms: ["EdDSA"] });
    const { v: _, ...said } = receipt.parse(JSON.parse(new TextDecoder().decode(payload)));
    return { trusted: true, receipt: said as Receipt };
  } catch {
    return { trusted: false, why: "wrong signature", kid };
  }
}

function kidOf(jws: string): string | null {
  try {
    const { typ, kid } = decodeProtectedHeader(jws);
    return typ === receiptType && kid ? kid : null;
  } catch {
    return null;
  }
}
