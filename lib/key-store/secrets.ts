import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { MasterKeys } from "../audit-db/vault/types.ts";
import type { Queryable } from "../db/console-db.ts";
import { sqlState } from "../db/errors.ts";
import { AppError } from "../errors.ts";
import { secretContext } from "./wrapped-tables.ts";

/** What a secret is for. Its name tells it from the others of its purpose. */
export const secretPurposes = [
  "signing_key",
  "webhook_secret",
  "target_password",
  "request_key",
  "channel_secret",
] as const;
export type SecretPurpose = (typeof secretPurposes)[number];

export interface SecretName {
  purpose: SecretPurpose;
  /** 1 to 200 characters. */
  name: string;
}

/** Where secrets are kept: the console database, or a transaction of it that something else belongs to as well. */
export type SecretDb = Pick<Queryable, "execute">;

/**
 * Keeps a new secret, wrapped for its purpose, name and id.
 * @returns its id
 * @throws AppError CONFLICT when the purpose has one of that name, UNAVAILABLE when the master key cannot be used
 */
export async function putSecret(
  db: SecretDb,
  masterKeys: MasterKeys,
  { purpose, name }: SecretName,
  value: Uint8Array,
): Promise<string> {
  const id = randomUUID();
  const { wrappedKey, masterKeyId } = await masterKeys.wrap(value, secretContext(purpose, name, id));
  try {
    const put = await db.execute(sql`
      insert into vault.secret (id, purpose, name, wrapped_key, master_key_id)
      select ${id}, ${purpose}, ${name}, ${wrappedKey}, ${masterKeyId} where ${isUsable(masterKeyId)}
      returning 1`);
    if (put.length === 0) throw outdatedMasterKey();
  } catch (thrown) {
    if (sqlState(thrown) !== uniqueViolation) throw thrown;
    throw new AppError("CONFLICT", `There is a secret named “${name}” for this purpose already.`);
  }
  return id;
}

/** @throws AppError NOT_FOUND when there is none, UNAVAILABLE when it does not open */
export async function getSecret(
  db: SecretDb,
  masterKeys: MasterKeys,
  { purpose, name }: SecretName,
): Promise<Buffer> {
  const [row] = await db.execute<SecretRow>(sql`
    select id, wrapped_key, master_key_id from vault.secret where purpose = ${purpose} and name = ${name}`);
  return openSecret(masterKeys, { purpose, name }, row);
}

export type SecretRow = Record<"id" | "master_key_id", string> & { wrapped_key: Buffer };

/** A secret's value by its row, for whoever read that with something else. @throws as `getSecret` */
export async function openSecret(
  masterKeys: MasterKeys,
  { purpose, name }: SecretName,
  row: SecretRow | undefined,
): Promise<Buffer> {
  if (!row) throw unknownSecret(name);
  const wrapped = { wrappedKey: row.wrapped_key, masterKeyId: row.master_key_id };
  return masterKeys.unwrap(wrapped, secretContext(purpose, name, row.id));
}

/** Several of one purpose by their names, without those that there are not, or that do not open. */
export async function getSecrets(
  db: SecretDb,
  masterKeys: MasterKeys,
  purpose: SecretPurpose,
  names: readonly string[],
): Promise<Map<string, Buffer>> {
  const rows = await db.execute<{ id: string; name: string; wrapped_key: Buffer; master_key_id: string }>(sql`
    select id, name, wrapped_key, master_key_id from vault.secret
    where purpose = ${purpose} and name in (select jsonb_array_elements_text(${JSON.stringify(names)}::jsonb))`);
  const found = new Map<string, Buffer>();
  for (const { id, name, wrapped_key: wrappedKey, master_key_id: masterKeyId } of rows)
    try {
      found.set(name, await masterKeys.unwrap({ wrappedKey, masterKeyId }, secretContext(purpose, name, id)));
    } catch (thrown) {
      // A key that is not to be had is that one's own loss.
      if (!(thrown instanceof AppError)) throw thrown;
    }
  return found;
}

/**
 * Puts another value in a secret's place. It gets a new id, so that the older row opens in no place any more.
 * @returns its id
 * @throws AppError NOT_FOUND when there is none, UNAVAILABLE when the master key cannot be used
 */
export async function replaceSecret(
  db: SecretDb,
  masterKeys: MasterKeys,
  { purpose, name }: SecretName,
  value: Uint8Array,
): Promise<string> {
  const id = randomUUID();
  const { wrappedKey, masterKeyId } = await masterKeys.wrap(value, secretContext(purpose, name, id));
  const replaced = await db.execute(sql`
    update vault.secret
    set id = ${id}, wrapped_key = ${wrappedKey}, master_key_id = ${masterKeyId}, created_at = clock_timestamp()
    where purpose = ${purpose} and name = ${name} and ${isUsable(masterKeyId)}
    returning 1`);
  if (replaced.length > 0) return id;
  const [found] = await db.execute(sql`
    select from vault.secret where purpose = ${purpose} and name = ${name}`);
  throw found ? outdatedMasterKey() : unknownSecret(name);
}

/** Deletes a secret; from backups it is gone once its master key is destroyed. @returns whether there was one */
export async function destroySecret(db: SecretDb, { purpose, name }: SecretName): Promise<boolean> {
  const destroyed = await db.execute(sql`
    delete from vault.secret where purpose = ${purpose} and name = ${name} returning 1`);
  return destroyed.length > 0;
}

const uniqueViolation = "23505";

/** A process with an old copy of the master keys must not wrap anything under one that is destroyed. */
function isUsable(masterKeyId: string) {
  return sql`not exists (select from vault.master_key where id = ${masterKeyId} and state = 'destroyed')`;
}

function outdatedMasterKey(): AppError {
  return new AppError("UNAVAILABLE", "The active master key of this process was destroyed meanwhile.", {
    hint: "Give every process the newest copy of the master key file.",
  });
}

function unknownSecret(name: string): AppError {
  return new AppError("NOT_FOUND", `There is no secret named “${name}”.`);
}
