import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { z } from "zod";
import type { MasterKeys } from "../../audit-db/vault/types.ts";
import { AppError } from "../../errors.ts";
import {
  destroySecret,
  getSecret,
  putSecret,
  replaceSecret,
  type SecretDb,
} from "../../key-store/secrets.ts";

/** So long a source may still sign with the key before. */
const bothKeysMs = 86_400_000;

const kept = z.object({
  key: z.string(),
  before: z.object({ key: z.string(), until: z.iso.datetime() }).nullable(),
});

const nameOf = (source: string) => ({ purpose: "webhook_secret", name: `intake/${source}` }) as const;

/** Draws a source's signing key and keeps it; the one before holds for another day. @returns the key, which is shown this once */
export async function renewSourceKey(
  db: SecretDb,
  masterKeys: MasterKeys,
  source: string,
  now: Date,
): Promise<string> {
  const key = `whsec_${randomBytes(32).toString("base64")}`;
  const old = await findKept(db, masterKeys, source);
  const before = old && { key: old.key, until: new Date(now.getTime() + bothKeysMs).toISOString() };
  const value = Buffer.from(JSON.stringify({ key, before }));
  await (old ? replaceSecret : putSecret)(db, masterKeys, nameOf(source), value);
  return key;
}

export function destroySourceKey(db: SecretDb, source: string): Promise<boolean> {
  return destroySecret(db, nameOf(source));
}

/** What Standard Webhooks sends along. */
export interface SignedHead {
  id: string;
  timestamp: string;
  signature: string;
}

/** Whether a source has signed this body within five minutes, by Standard Webhooks (https://www.standardwebhooks.com). */
export async function isSignedBy(
  db: SecretDb,
  masterKeys: MasterKeys,
  source: string,
  { id, timestamp, signature }: SignedHead,
  body: string,
  now: Date,
): Promise<boolean> {
  const secret = await findKept(db, masterKeys, source);
  if (!secret) return false;
  const { key, before } = secret;
  const keys = [key, ...(before && new Date(before.until) > now ? [before.key] : [])];
  const headers = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
  return keys.some((one) => {
    try {
      new Webhook(one).verify(body, headers, { jsonParse: false });
      return true;
    } catch {
      return false;
    }
  });
}

async function findKept(db: SecretDb, masterKeys: MasterKeys, source: string) {
  try {
    return kept.parse(JSON.parse(String(await getSecret(db, masterKeys, nameOf(source)))));
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "NOT_FOUND") return null;
    throw thrown;
  }
}
