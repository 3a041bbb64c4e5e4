import { createPrivateKey, createPublicKey, sign as signBytes, verify as verifyBytes } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import type { ConsoleDb } from "../db/console-db.ts";
import { getSecret } from "./secrets.ts";
import { ensureSigningKey, type PublicJwk, type SigningContext } from "./signing-keys.ts";

export interface Signature {
  /** Thumbprint of the key: finds it in the JWKS of `/api/v1/keys`. */
  kid: string;
  /** Ed25519, 64 bytes. */
  signature: Buffer;
}

/**
 * Signs bytes with the active key; the first call makes it. Bytes of one use must not be readable as another's: begin
 * them with what they are. The key is read each time, so that a replaced one signs nothing more.
 * @throws AppError UNAVAILABLE when the key does not open
 */
export function sign(
  bytes: Uint8Array,
  { console: { db }, ...context }: SigningContext & { console: Pick<ConsoleDb, "db"> },
): Promise<Signature> {
  return db.transaction(async (tx) => {
    const kid = await ensureSigningKey(tx, context);
    const secret = await getSecret(tx, context.masterKeys, { purpose: "signing_key", name: kid });
    const key = createPrivateKey({ key: secret, format: "der", type: "pkcs8" });
    secret.fill(0);
    return { kid, signature: signBytes(null, bytes, key) };
  });
}

/**
 * Whether the key of this kid, active or retired, signed these bytes. A row that holds another key than its kid says
 * verifies nothing; nor does an unknown kid.
 */
export async function verify(
  bytes: Uint8Array,
  { kid, signature }: Signature,
  { sql }: Pick<ConsoleDb, "sql">,
): Promise<boolean> {
  const [row] = await sql<{ jwk: PublicJwk }[]>`select jwk from vault.public_key where kid = ${kid}`;
  if (!row || (await calculateJwkThumbprint(row.jwk)) !== kid) return false;
  const key = createPublicKey({ key: { ...row.jwk }, format: "jwk" });
  return verifyBytes(null, bytes, key, signature);
}
