import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import type { Sql } from "postgres";
import type { ConsoleDb, Tx } from "../db/console-db.ts";
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
    const { kid, key } = await openSigningKey(tx, context);
    return { kid, signature: signBytes(null, bytes, key) };
  });
}

/**
 * The active key for what is signed in the caller's transaction; nobody replaces it before that ends. Forget it with it.
 * @throws AppError UNAVAILABLE when it does not open
 */
export async function openSigningKey(
  tx: Tx,
  context: SigningContext,
): Promise<{ kid: string; key: KeyObject }> {
  const kid = await ensureSigningKey(tx, context);
  const secret = await getSecret(tx, context.masterKeys, { purpose: "signing_key", name: kid });
  const key = createPrivateKey({ key: secret, format: "der", type: "pkcs8" });
  secret.fill(0);
  return { kid, key };
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
  const key = await findPublicKey(sql, kid);
  return key !== null && verifyBytes(null, bytes, key, signature);
}

/** The public key of this kid, active or retired; null where none is, or another stands under it. */
export async function findPublicKey(sql: Sql, kid: string): Promise<KeyObject | null> {
  const [row] = await sql<{ jwk: PublicJwk }[]>`select jwk from vault.public_key where kid = ${kid}`;
  if (!row || (await calculateJwkThumbprint(row.jwk)) !== kid) return null;
  return createPublicKey({ key: { ...row.jwk }, format: "jwk" });
}
