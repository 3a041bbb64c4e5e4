import { createCipheriv, createHash, createHmac, hash, randomBytes, webcrypto } from "node:crypto";
import { gcm } from "@noble/ciphers/aes.js";
import canonicalize from "canonicalize";
import { canonicalIJson } from "../lib/audit-db/append/canonical-i-json.ts";
import { type LeafRow, leafHexOf, leafHexWith } from "../lib/audit-db/append/leaf.ts";
import { drawSalts, type RedactableField } from "../lib/audit-db/append/salts.ts";
import { dataKeyOf, openPersonal, sealPersonal } from "../lib/audit-db/vault/personal.ts";
import { median, report, step } from "./support/report.ts";

/**
 * One person's fields sealed and digested: the vault's way against the plain one with the same library (random nonce,
 * HMAC as commitment, buffers joined, streaming digest). The other candidates and the leaf are shown beside them.
 */
const rounds = 7;
const perRound = 5_000;
const person = {
  id: "user-182331",
  name: "Zoë Example",
  email: "zoe.example@example.com",
  ip: "203.0.113.77",
  userAgent:
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
};
const text = Buffer.from(canonicalize(person) as string);
const key = dataKeyOf("p_0123456789abcdefghijkl", randomBytes(16), randomBytes(32));
const context = "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071/actor";
const row: LeafRow = {
  id: "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071",
  occurredAt: "2026-03-01T12:34:56.789012Z",
  recordedAt: "2026-03-01T12:34:57.000000Z",
  organizationId: "org-1",
  action: "record.viewed",
  status: "success",
  targetType: "record",
  targetId: "rec-928374",
  outcome: null,
  correlationId: "0192f3c4-5d6e-7f80-9a1b",
  eventVersion: 1,
  dataClassification: "INTERNAL",
  retentionPolicy: "standard",
  processingMs: 12,
  details: { method: "GET", path: "/records/928374", fields: ["name", "dob"], bytes: 18_233, cached: false },
  actorToken: key.token,
  actorDigest: randomBytes(32),
  targetToken: null,
  targetDigest: null,
  leafVersion: 2,
  salts: Buffer.concat([randomBytes(32), Buffer.alloc(16), randomBytes(16)]),
};

const isNull = (one: LeafRow, field: RedactableField) => one[field] === null;
const hundred = Array.from({ length: 100 }, () => row);
const detailsText = canonicalize(row.details) as string;

function sealPlainly(): [Buffer, Buffer] {
  const nonce = randomBytes(12);
  const commitment = createHmac("sha256", key.key).update(nonce).digest();
  const head = Buffer.concat([Buffer.of(1), key.keyId, nonce, commitment]);
  const cipher = createCipheriv("aes-256-gcm", key.key, nonce);
  cipher.setAAD(Buffer.concat([head, Buffer.from(key.token), Buffer.from(context)]));
  const body = [cipher.update(Buffer.from(canonicalize(person) as string)), cipher.final()];
  const sealed = Buffer.concat([head, ...body, cipher.getAuthTag()]);
  return [sealed, createHash("sha256").update(sealed).digest()];
}

function sealOurs(): [Buffer, Buffer] {
  const sealed = sealPersonal(person, key, context);
  return [sealed, Buffer.from(hash("sha256", sealed), "hex")];
}

const sealed = sealPersonal(person, key, context);
const associated = Buffer.alloc(120);
const webKey = await webcrypto.subtle.importKey("raw", key.key, "AES-GCM", false, ["encrypt"]);
const ways: Record<string, () => unknown> = {
  "the vault: seal + digest": sealOurs,
  "plain createCipheriv + HMAC + createHash": sealPlainly,
  "of that, createCipheriv alone": () => {
    const cipher = createCipheriv("aes-256-gcm", key.key, associated.subarray(0, 12));
    cipher.setAAD(associated);
    return [cipher.update(text), cipher.final(), cipher.getAuthTag()];
  },
  "createCipheriv given a key object": () => {
    const cipher = createCipheriv("aes-256-gcm", key.secret, associated.subarray(0, 12));
    cipher.setAAD(associated);
    return [cipher.update(text), cipher.final(), cipher.getAuthTag()];
  },
  "chacha20-poly1305 of createCipheriv": () => {
    const cipher = createCipheriv("chacha20-poly1305", key.key, associated.subarray(0, 12), {
      authTagLength: 16,
    });
    cipher.setAAD(associated, { plaintextLength: text.length });
    return [cipher.update(text), cipher.final(), cipher.getAuthTag()];
  },
  "@noble/ciphers gcm": () => gcm(key.key, associated.subarray(0, 12), associated).encrypt(text),
  "HMAC-SHA-256 of 120 bytes": () => createHmac("sha256", key.key).update(associated).digest(),
  "the same given a key object": () => createHmac("sha256", key.secret).update(associated).digest(),
  "one-shot SHA-256 of 120 bytes": () => hash("sha256", associated, "buffer"),
  "the vault: open": () => openPersonal(sealed, key, context),
  "leaf of a row read back": () => leafHexOf(row),
  "of that, the canonicalize package": () => canonicalize(row.details),
  "leaf of a row to append": () => leafHexWith(row, detailsText),
  "the same of version 1": () => leafHexWith({ ...row, leafVersion: 1 }, detailsText),
  "salts of 100 rows": () => drawSalts(hundred, isNull),
  "its details checked and written in one walk": () => canonicalIJson(row.details),
};

const measured = new Map<string, number[]>(
  [...Object.keys(ways), web(1), web(1_000)].map((name) => [name, []]),
);
for (let round = 0; round <= rounds; round++) {
  for (const [name, work] of Object.entries(ways)) {
    const beganAt = performance.now();
    for (let i = 0; i < perRound; i++) work();
    note(name, round, beganAt);
  }
  for (const atOnce of [1, 1_000]) {
    const beganAt = performance.now();
    for (let i = 0; i < perRound; i += atOnce)
      await Promise.all(Array.from({ length: atOnce }, encryptOnPool));
    note(web(atOnce), round, beganAt);
  }
}
for (const [name, times] of measured) step(`${median(times).toFixed(2).padStart(7)} µs  ${name}`);
const [ours, other] = ["the vault: seal + digest", "plain createCipheriv + HMAC + createHash"].map((name) =>
  median(measured.get(name) ?? []),
) as [number, number];
report({
  name: "crypto",
  ratio: other / ours,
  aim: ">= 2.00",
  ours: `${ours.toFixed(1)} µs a person`,
  other: `${other.toFixed(1)} µs`,
});

function web(atOnce: number): string {
  return `WebCrypto on the thread pool, ${atOnce} at once`;
}

function encryptOnPool(): Promise<ArrayBuffer> {
  return webcrypto.subtle.encrypt(
    { name: "AES-GCM", iv: associated.subarray(0, 12), additionalData: associated },
    webKey,
    text,
  );
}

function note(name: string, round: number, beganAt: number): void {
  // The first round warms up.
  if (round > 0) measured.get(name)?.push(((performance.now() - beganAt) / perRound) * 1_000);
}
