import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { calculateJwkThumbprint, type JWK } from "jose";
import { beforeAll, expect, test } from "vitest";
import { signReceipt } from "../../ledger/receipt.ts";
import { bundleText, certificateType, signBundle } from "./bundle.ts";
import { bundleFile, bundleName } from "./bundle-name.ts";
import { readPublicKeys } from "./public-keys.ts";
import type { Statement } from "./statement.ts";
import { verifyBundle } from "./verify-bundle.ts";

interface Pair {
  kid: string;
  key: KeyObject;
  jwk: JWK;
  pem: string;
}

async function makeKey(): Promise<Pair> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { kty, crv, x } = publicKey.export({ format: "jwk" }) as JWK;
  const jwk = { kty, crv, x } as JWK;
  return {
    kid: await calculateJwkThumbprint(jwk),
    key: createPrivateKey(privateKey.export({ format: "pem", type: "pkcs8" })),
    jwk,
    pem: publicKey.export({ format: "pem", type: "spki" }) as string,
  };
}

const at = "2026-11-28T01:00:00.000Z";
const digest = "ab".repeat(32);

function statementOf(receipts: string[], more: Partial<Statement> = {}): Statement {
  return {
    v: 1,
    n: 1,
    of: null,
    issuedAt: at,
    request: {
      number: 7,
      kind: "erasure",
      article: "17",
      regime: "eu",
      organizations: ["acme"],
      targets: ["eu"],
      channel: "form",
      state: "closed",
      receivedAt: at,
      respondedAt: at,
      closedAt: at,
    },
    law: [{ law: "Art. 17 GDPR", says: "Erasure" }],
    timeline: [
      {
        at,
        kind: "received",
        from: null,
        to: "received",
        role: "privacy_officer",
        by: "console_1",
        facts: {},
      },
    ],
    scope: null,
    decision: null,
    erased: [
      {
        erasure: "01939d0a-0000-7000-8000-000000000001",
        target: "eu",
        policy: "minimal",
        destroyedAt: at,
        entry: 12,
        events: 1,
        digest,
        leaves: [`2026-01-01T00:00:00.000000Z_01939d0a-0000-7000-8000-000000000002 ${digest}`],
      },
    ],
    redacted: [],
    receipts,
    earlier: [],
    packages: [],
    scan: null,
    remains: [],
    notRemovable: [],
    backups: { rotationDays: 30, reachedBy: at },
    ...more,
  };
}

let own: Pair;
let other: Pair;
let receipt: string;
let text: string;
let keys: Map<string, KeyObject>;

beforeAll(async () => {
  [own, other] = [await makeKey(), await makeKey()];
  const facts = { token: "p_1", keyId: "cd".repeat(16), policies: ["minimal"] };
  receipt = await signReceipt(
    {
      ...{ kind: "erasure", facts, entry: 12, target: "eu", at, by: "console_1" },
      receiptId: "01939d0a-0000-7000-8000-000000000003",
    },
    own,
  );
  ({ text } = await signBundle(statementOf([receipt]), own));
  keys = await readPublicKeys(JSON.stringify({ keys: [other.jwk, own.jwk] }));
});

test("a bundle is verified by a JWKS, one JWK or one PEM", async () => {
  for (const file of [JSON.stringify({ keys: [own.jwk] }), JSON.stringify(own.jwk), own.pem])
    expect(await verifyBundle(text, await readPublicKeys(file))).toMatchObject({
      problems: [],
      kid: own.kid,
      receipts: { verified: 1, unknownKey: 0 },
      statement: { n: 1, request: { number: 7 } },
    });
});

test("no byte of it can be another one", async () => {
  const bytes = Buffer.from(text);
  for (let nth = 0; nth < bytes.length; nth++) {
    const changed = Buffer.from(bytes);
    changed[nth] = (bytes[nth] as number) ^ 1;
    const { problems } = await verifyBundle(changed.toString("utf8"), keys);
    expect([nth, problems.length > 0]).toEqual([nth, true]);
  }
  for (const changed of [text.slice(0, -1), `${text} `, text.replace("{", "{ "), ""])
    expect((await verifyBundle(changed, keys)).problems).not.toEqual([]);
});

test("it says what is wrong", async () => {
  const problems = async (changed: string, by = keys) => (await verifyBundle(changed, by)).problems;
  expect(await problems(text.replace('"channel": "form"', '"channel": "post"'))).toEqual([
    "The readable part differs from what was signed.",
  ]);
  expect(await problems(text, await readPublicKeys(other.pem))).toEqual([
    `It says to be signed by the key ${own.kid}, which was not given.`,
  ]);
  expect(await problems("{}")).toEqual(["It is no certificate of this product, or it was cut or changed."]);
  const asIf = await signBundle(statementOf([receipt]), { kid: own.kid, key: other.key });
  expect(await problems(asIf.text)).toEqual([
    "The signature does not match: what was signed was changed, or another key signed it.",
  ]);
  // A receipt is signed by the same key, and is no certificate.
  const statement = statementOf([receipt]);
  expect(await problems(bundleText({ format: certificateType, jws: receipt, statement }))).toEqual([
    "Its signature is not one of a certificate.",
  ]);
});

test("what it says to be erased has a receipt by the same console", async () => {
  const without = await signBundle(statementOf([]), own);
  expect((await verifyBundle(without.text, keys)).problems).toEqual([
    "1 of what it says was erased has no receipt.",
  ]);
  const broken = await signBundle(statementOf([`${receipt.slice(0, -8)}AAAAAAAA`]), own);
  expect((await verifyBundle(broken.text, keys)).problems[0]).toBe(
    "Receipt 1 is nobody's word: wrong signature.",
  );
});

test("the first supplement is called the first, whatever is signed in it", () => {
  expect([1, 2, 3].map(bundleName)).toEqual(["Certificate", "Supplement 1", "Supplement 2"]);
  expect(bundleFile(7, 2)).toBe("request-7-supplement-1.json");
});

test("a supplement names its certificate", async () => {
  const { sha256 } = await signBundle(statementOf([receipt]), own);
  const more = { n: 2, of: sha256 };
  const supplement = await signBundle(statementOf([receipt], more), own);
  expect((await verifyBundle(supplement.text, keys, text)).problems).toEqual([]);
  expect((await verifyBundle(supplement.text, keys)).problems).toEqual([]);
  expect((await verifyBundle(supplement.text, keys, `${text} `)).problems).toEqual([
    "It is a supplement to another certificate than the one that was given.",
  ]);
});

test("a file without a key says what to do", async () => {
  await expect(readPublicKeys("no key")).rejects.toMatchObject({ code: "BAD_INPUT" });
  await expect(readPublicKeys('{"keys":[]}')).rejects.toMatchObject({
    code: "BAD_INPUT",
    hint: expect.any(String),
  });
});
