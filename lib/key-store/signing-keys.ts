import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { sql } from "drizzle-orm";
import { calculateJwkThumbprint } from "jose";
import type { MasterKeys } from "../audit-db/vault/types.ts";
import type { Tx } from "../db/console-db.ts";
import { consoleLocks } from "../db/locks.ts";
import { recordActivity } from "../db/record.ts";
import { AppError } from "../errors.ts";
import { destroySecret, putSecret } from "./secrets.ts";

/** An Ed25519 public key as RFC 8037 writes it; its RFC 7638 thumbprint is its `kid`. */
export interface PublicJwk {
  kty: "OKP";
  crv: "Ed25519";
  x: string;
}

export interface SigningKey {
  kid: string;
  publicKey: PublicJwk;
}

/** What the keys of a console rest on. */
export interface SigningContext {
  masterKeys: MasterKeys;
  /** Names of the configured targets: each is told of new keys. */
  auditTargets: readonly string[];
}

/**
 * The active signing key, made and told as an audit event if there is none yet. It stays the active one until the
 * transaction ends. @returns its kid
 */
export async function ensureSigningKey(
  tx: Tx,
  { masterKeys, auditTargets }: SigningContext,
): Promise<string> {
  const active = await findActive(tx);
  if (active !== null) return active;
  await lock(tx);
  const meanwhile = await findActive(tx);
  if (meanwhile !== null) return meanwhile;
  const { kid, publicKey } = await makeKey(tx, masterKeys);
  await recordActivity(
    tx,
    {
      actor: { kind: "system", id: "console", name: "console" },
      action: "signing_key.create",
      outcome: "success",
      object: { type: "signing_key", id: kid },
      facts: { publicKey },
    },
    auditTargets,
  );
  return kid;
}

/**
 * Puts a new signing key in the active one's place, whose private half is destroyed. What it signed stays verifiable:
 * public keys are never deleted.
 * @returns the new key, and the kid of the retired one (null: it is the first)
 */
export async function replaceSigningKey(
  tx: Tx,
  masterKeys: MasterKeys,
): Promise<SigningKey & { retired: string | null }> {
  await lock(tx);
  const [active] = await tx.execute<{ kid: string }>(sql`
    update vault.public_key set retired_at = greatest(clock_timestamp(), active_from)
    where retired_at is null returning kid`);
  if (active) await destroySecret(tx, { purpose: "signing_key", name: active.kid });
  return { ...(await makeKey(tx, masterKeys)), retired: active?.kid ?? null };
}

/**
 * Keeps the public half of a key that signed for this console before, and signs nothing more.
 * @returns false when its kid is known
 * @throws AppError BAD_INPUT when it is another key than its kid says
 */
export async function addFormerKey(
  tx: Tx,
  { kid, publicKey: { kty, crv, x } }: SigningKey,
  now: Date,
): Promise<boolean> {
  if ((await calculateJwkThumbprint({ kty, crv, x })) !== kid)
    throw new AppError("BAD_INPUT", "The public key is not the one that this kid names.", {
      hint: "A kid is the key's RFC 7638 thumbprint.",
    });
  const at = now.toISOString();
  const added = await tx.execute(sql`
    insert into vault.public_key (kid, jwk, active_from, retired_at)
    values (${kid}, ${JSON.stringify({ kty, crv, x })}::jsonb, ${at}::timestamptz, ${at}::timestamptz)
    on conflict (kid) do nothing returning kid`);
  return added.length > 0;
}

async function findActive(tx: Tx): Promise<string | null> {
  const [active] = await tx.execute<{ kid: string }>(sql`
    select kid from vault.public_key where retired_at is null for share`);
  return active?.kid ?? null;
}

async function makeKey(tx: Tx, masterKeys: MasterKeys): Promise<SigningKey> {
  const { privateKey } = generateKeyPairSync("ed25519");
  const publicKey = toJwk(privateKey);
  const kid = await calculateJwkThumbprint(publicKey);
  const secret = privateKey.export({ format: "der", type: "pkcs8" });
  await putSecret(tx, masterKeys, { purpose: "signing_key", name: kid }, secret);
  secret.fill(0);
  await tx.execute(sql`
    insert into vault.public_key (kid, jwk, active_from)
    values (${kid}, ${JSON.stringify(publicKey)}::jsonb, clock_timestamp())`);
  return { kid, publicKey };
}

function toJwk(privateKey: KeyObject): PublicJwk {
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  return { kty: "OKP", crv: "Ed25519", x };
}

/** The first key is made by one process, and a replacement replaces one key. */
async function lock(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${consoleLocks.signingKeys})`);
}
