import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from "node:crypto";
import { sql } from "drizzle-orm";
import { calculateJwkThumbprint } from "jose";
import type { Sql } from "postgres";
import type { ConsoleDb, Tx } from "../db/console-db.ts";
import { openSecret, type SecretRow } from "./secrets.ts";
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

/** The private half of a key, with its name. */
export interface OpenKey {
  kid: string;
  key: KeyObject;
}

/**
 * The active key for what is signed in the caller's transaction; nobody replaces it before that ends. Forget it with it.
 * @throws AppError UNAVAILABLE when it does not open
 */
export async function openSigningKey(tx: Tx, context: SigningContext): Promise<OpenKey> {
  let [active] = await tx.execute<ActiveKey>(activeKey);
  const kid = active?.kid ?? (await ensureSigningKey(tx, context));
  if (!active) [active] = await tx.execute<ActiveKey>(activeKey);
  const secret = await openSecret(context.masterKeys, { purpose: "signing_key", name: kid }, active);
  const key = createPrivateKey({ key: secret, format: "der", type: "pkcs8" });
  secret.fill(0);
  return { kid, key };
}

type ActiveKey = SecretRow & { kid: string };

const activeKey = sql`
  select kid, secret.id, wrapped_key, master_key_id
  from vault.public_key join vault.secret on purpose = 'signing_key' and name = kid
  where retired_at is null for share of public_key`;

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
