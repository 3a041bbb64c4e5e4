import { createHash, type KeyObject } from "node:crypto";
import { CompactSign } from "jose";
import type { Statement } from "./statement.ts";

/** First words of what is signed as a certificate: nothing else that the console signs is of this type. */
export const certificateType = "audit-db-privacy-certificate";

/** A certificate as people keep it: what it says, and the signature over that. */
export interface Bundle {
  format: typeof certificateType;
  /** Compact JWS (EdDSA, Ed25519) whose payload is the statement. */
  jws: string;
  /** The payload, for people. */
  statement: Statement;
}

/** Signs a statement. @returns the bundle's text, and its SHA-256 in hex */
export async function signBundle(
  statement: Statement,
  { kid, key }: { kid: string; key: KeyObject },
): Promise<{ text: string; sha256: string }> {
  const jws = await new CompactSign(new TextEncoder().encode(JSON.stringify(statement)))
    .setProtectedHeader({ typ: certificateType, alg: "EdDSA", kid })
    .sign(key);
  const text = bundleText({ format: certificateType, jws, statement });
  return { text, sha256: sha256Of(text) };
}

/** The only text of a bundle: one that differs by a byte is another. */
export function bundleText(bundle: Bundle): string {
  return `${JSON.stringify(bundle, null, 2)}\n`;
}

export function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
