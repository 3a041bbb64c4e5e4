import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { z } from "zod";
import type { MasterKeys } from "../audit-db/vault/types.ts";
import { AppError } from "../errors.ts";
import { destroySecret, getSecret, getSecrets, putSecret, type SecretDb } from "../key-store/secrets.ts";

/** How an application may know a person. */
export const identifierKinds = ["id", "email", "phone", "name", "ip", "other"] as const;

/** Who asks, and in what words: sealed under the request's key wherever it is kept. */
export const requestPerson = z.strictObject({
  /** Every one of them is looked for. `id` is what events name people by. */
  identifiers: z
    .array(z.strictObject({ kind: z.enum(identifierKinds), value: z.string().trim().min(1).max(1_000) }))
    .min(1)
    .max(20),
  name: z.string().trim().min(1).max(200).nullable(),
  /** Where the answer goes. */
  contact: z.string().trim().min(1).max(1_000).nullable(),
  /** What they wrote. */
  letter: z.string().trim().min(1).max(20_000).nullable(),
});
export type RequestPerson = z.infer<typeof requestPerson>;

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * The key of one request, as it is held in memory: forget it with the transaction or the step. What still works with it then
 * fails: bytes sealed under a key that was overwritten would be open to everybody.
 */
export interface RequestKey {
  requestId: string;
  /** Seals bytes for one place of the request; they open in no other. */
  seal(place: string, bytes: Uint8Array): Buffer;
  /** @throws AppError INTERNAL when they were sealed for another place, or were changed: trying again helps nobody */
  open(place: string, sealed: Uint8Array): Buffer;
  /** The same, with null instead: for what can be made again. */
  tryOpen(place: string, sealed: Uint8Array): Buffer | null;
  /** Finds the same identifier again, under this request only. */
  digest(identifier: string): Buffer;
  forget(): void;
}

/** Draws a key for a new request and keeps it in the caller's transaction. @throws AppError UNAVAILABLE without master keys */
export async function createRequestKey(
  db: SecretDb,
  masterKeys: MasterKeys,
  requestId: string,
): Promise<RequestKey> {
  const key = randomBytes(keyBytes);
  await putSecret(db, masterKeys, { purpose: "request_key", name: requestId }, key);
  return requestKeyOf(requestId, key);
}

/** @throws AppError NOT_FOUND once it was destroyed, UNAVAILABLE when it does not open */
export async function openRequestKey(
  db: SecretDb,
  masterKeys: MasterKeys,
  requestId: string,
): Promise<RequestKey> {
  return requestKeyOf(
    requestId,
    await getSecret(db, masterKeys, { purpose: "request_key", name: requestId }),
  );
}

/** Those of several requests that open, by their ids: one that does not keeps nobody from comparing with the others. */
export async function openRequestKeys(
  db: SecretDb,
  masterKeys: MasterKeys,
  requestIds: readonly string[],
): Promise<Map<string, RequestKey>> {
  const keys = await getSecrets(db, masterKeys, "request_key", requestIds);
  return new Map([...keys].map(([id, key]) => [id, requestKeyOf(id, key)]));
}

/** After it nothing that the request says of the person can be read. */
export function destroyRequestKey(db: SecretDb, requestId: string): Promise<boolean> {
  return destroySecret(db, { purpose: "request_key", name: requestId });
}

/** @param key 32 bytes, overwritten by `forget` */
export function requestKeyOf(requestId: string, key: Buffer): RequestKey {
  const derive = (use: string) =>
    Buffer.from(hkdfSync("sha256", key, requestId, `audit-db request ${use}`, keyBytes));
  const sealing = derive("seal");
  const indexing = derive("index");
  const context = (place: string) => Buffer.from(`${requestId}/${place}`);
  let forgotten = false;
  const living = (derived: Buffer) => {
    if (forgotten) throw new Error("the key of this request was forgotten before the work with it ended");
    return derived;
  };
  const tryOpen = (place: string, sealed: Uint8Array) => {
    const opening = living(sealing);
    const bytes = Buffer.from(sealed);
    try {
      const decipher = createDecipheriv("aes-256-gcm", opening, bytes.subarray(0, nonceBytes))
        .setAAD(context(place))
        .setAuthTag(bytes.subarray(-tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]);
    } catch {
      return null;
    }
  };
  return {
    requestId,
    seal(place, bytes) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", living(sealing), nonce).setAAD(context(place));
      return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    },
    open(place, sealed) {
      const opened = tryOpen(place, sealed);
      if (opened) return opened;
      throw new AppError(
        "INTERNAL",
        "What was sealed for this request does not open: its bytes were changed.",
        {
          hint: "Compare the console's database with its last backup.",
        },
      );
    },
    tryOpen,
    digest: (identifier) =>
      createHmac("sha256", living(indexing)).update(normalIdentifier(identifier)).digest(),
    forget() {
      forgotten = true;
      for (const bytes of [key, sealing, indexing]) bytes.fill(0);
    },
  };
}

/** One spelling of an identifier, so that the same person is found however it was typed. */
export function normalIdentifier(identifier: string): string {
  return identifier.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();
}

/** Seals who asks. */
export function sealPerson(key: RequestKey, person: RequestPerson): Buffer {
  return key.seal("person", Buffer.from(JSON.stringify(person)));
}

export function openPerson(key: RequestKey, sealed: Uint8Array): RequestPerson {
  return requestPerson.parse(JSON.parse(key.open("person", sealed).toString()));
}
