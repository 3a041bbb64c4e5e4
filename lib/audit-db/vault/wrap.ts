import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from "node:crypto";

const nonceBytes = 12;
const tagBytes = 16;

/** What the blind index's key is wrapped for; data keys are wrapped for their token. */
export const indexContext = "audit-db blind index";

/** A key under a master key: nonce ‖ AES-256-GCM ‖ tag. `context` says what it is for and must be the same again. */
export function wrapKey(key: Uint8Array, masterKey: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", createSecretKey(masterKey), nonce);
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error when it was changed, or wrapped under another key or for another context */
export function unwrapKey(wrapped: Uint8Array, masterKey: Uint8Array, context: string): Buffer {
  const decipher = createDecipheriv(
    "aes-256-gcm",
    createSecretKey(masterKey),
    wrapped.subarray(0, nonceBytes),
    {
      authTagLength: tagBytes,
    },
  );
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(wrapped.subarray(-tagBytes));
  return Buffer.concat([decipher.update(wrapped.subarray(nonceBytes, -tagBytes)), decipher.final()]);
}
