import { createPublicKey, type KeyObject } from "node:crypto";
import { calculateJwkThumbprint, type JWK } from "jose";
import { AppError } from "../../errors.ts";

/**
 * Public keys by their thumbprints, from a file: a JWKS as `/api/v1/keys` answers it, one JWK, or one PEM.
 * @throws AppError BAD_INPUT for anything else
 */
export async function readPublicKeys(text: string): Promise<Map<string, KeyObject>> {
  const keys = new Map<string, KeyObject>();
  try {
    for (const jwk of jwksOf(text)) {
      const { kty, crv, x } = jwk;
      if (kty !== "OKP" || crv !== "Ed25519" || !x) continue;
      const plain = { kty, crv, x };
      keys.set(await calculateJwkThumbprint(plain), createPublicKey({ key: plain, format: "jwk" }));
    }
  } catch (cause) {
    throw new AppError("BAD_INPUT", "The key file is neither a JWKS, nor a JWK, nor a public key in PEM.", {
      cause,
    });
  }
  if (keys.size > 0) return keys;
  throw new AppError("BAD_INPUT", "The key file holds no Ed25519 public key.", {
    hint: "Save what /api/v1/keys of the console answers.",
  });
}

function jwksOf(text: string): JWK[] {
  if (text.includes("-----BEGIN")) return [createPublicKey(text).export({ format: "jwk" }) as JWK];
  const parsed = JSON.parse(text) as { keys?: JWK[] } & JWK;
  return parsed.keys ?? [parsed];
}
