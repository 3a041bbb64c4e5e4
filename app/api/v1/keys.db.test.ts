import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  calculateJwkThumbprint,
  compactVerify,
  createLocalJWKSet,
  importJWK,
  type JSONWebKeySet,
} from "jose";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { GET } from "@/app/api/v1/keys/route";
import { adminActions } from "@/lib/admin";
import { createMasterKeyFile } from "@/lib/audit-db/vault/file-master-keys";
import { closeConsoleDb, consoleDb } from "@/lib/db/console-db";
import { replaceEnv } from "@/lib/env";
import { openMasterKeys } from "@/lib/key-store/open-master-keys";
import { sign } from "@/lib/key-store/sign";
import { createDatabase, type TestDatabase } from "@/lib/testing/database";
import { addActor } from "@/lib/testing/people";
import { runAdminAction } from "@/lib/verbs/run-admin-action";

const folder = mkdtempSync(path.join(tmpdir(), "keys-"));
const masterKeyFile = path.join(folder, "master-keys.json");
const phrase = "rotate the signing key";
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase({ template: "console" });
  createMasterKeyFile(masterKeyFile);
});
afterAll(async () => {
  await closeConsoleDb();
  await database.drop();
  rmSync(folder, { recursive: true });
});

function useSettings(more: Record<string, string>): void {
  replaceEnv({
    CONSOLE_DATABASE_URL: database.url,
    AUDIT_DATABASE_URL: database.url,
    NEXTAUTH_SECRET: "x".repeat(40),
    LOG_LEVEL: "silent",
    ...more,
  });
}

type ServedKey = JSONWebKeySet["keys"][number] & { active_from: string; retired_at?: string };
async function served(): Promise<ServedKey[]> {
  return ((await (await GET()).json()) as { keys: ServedKey[] }).keys;
}

/** A JWS as somebody else makes it from what `sign` answers. */
async function signed(text: string) {
  const context = { console: consoleDb(), masterKeys: openMasterKeys(), auditTargets: ["audit"] };
  const { kid } = await sign(Buffer.alloc(0), context);
  const part = (value: string) => Buffer.from(value).toString("base64url");
  const input = `${part(JSON.stringify({ alg: "EdDSA", kid }))}.${part(text)}`;
  const { signature } = await sign(Buffer.from(input), context);
  return { kid, jws: `${input}.${signature.toString("base64url")}` };
}

test("without a master key nothing is signed, and the set of keys is empty", async () => {
  useSettings({});
  const answer = await GET();
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ keys: [] });
  const actor = await addActor(consoleDb(), "admin");
  const context = { console: consoleDb(), actor, auditTargets: ["audit"] };
  expect(await runAdminAction(adminActions.rotateSigningKey, context, {}, phrase)).toMatchObject({
    ok: false,
    error: { code: "UNSUPPORTED", hint: expect.stringContaining("vault init") },
  });
});

test("strangers get the keys as a JWK set that caches keep, and jose verifies with it, over a rotation", async () => {
  useSettings({ MASTER_KEY_FILE: masterKeyFile });
  const before = await signed("before");
  await vi.waitFor(async () => expect(await served()).toHaveLength(1), { timeout: 30_000, interval: 200 });
  const answer = await GET();
  expect(Object.fromEntries(answer.headers)).toEqual({
    "content-type": "application/jwk-set+json",
    "cache-control": "public, max-age=60",
    "access-control-allow-origin": "*",
  });
  const { keys } = (await answer.json()) as { keys: ServedKey[] };
  expect(keys).toEqual([
    {
      kty: "OKP",
      crv: "Ed25519",
      x: expect.stringMatching(/^[\w-]{43}$/),
      kid: before.kid,
      use: "sig",
      alg: "EdDSA",
      active_from: expect.stringMatching(/Z$/),
    },
  ]);
  const [key] = keys;
  if (!key) throw new Error("no key");
  expect(await calculateJwkThumbprint(key)).toBe(before.kid);
  const { payload } = await compactVerify(before.jws, await importJWK(key));
  expect(Buffer.from(payload).toString()).toBe("before");

  const actor = await addActor(consoleDb(), "admin");
  const context = { console: consoleDb(), actor, auditTargets: ["audit"] };
  expect(await runAdminAction(adminActions.rotateSigningKey, context, {}, "yes")).toMatchObject({
    ok: false,
    error: { code: "BAD_INPUT" },
  });
  const rotated = await runAdminAction(adminActions.rotateSigningKey, context, {}, phrase);
  if (!rotated.ok) throw new Error(rotated.error.message);
  expect(rotated.data.retired).toBe(before.kid);
  const after = await signed("after");
  expect(after.kid).toBe(rotated.data.kid);
  await vi.waitFor(async () => expect(await served()).toHaveLength(2), { timeout: 30_000, interval: 200 });
  const both = await served();
  expect(both.map(({ kid, retired_at }) => [kid, retired_at !== undefined])).toEqual([
    [after.kid, false],
    [before.kid, true],
  ]);
  const set = createLocalJWKSet({ keys: both });
  for (const [{ jws }, text] of [
    [before, "before"],
    [after, "after"],
  ] as const)
    expect(Buffer.from((await compactVerify(jws, set)).payload).toString()).toBe(text);
  const forged = after.jws.replace(/\.[^.]+\./, `.${Buffer.from("forged").toString("base64url")}.`);
  await expect(compactVerify(forged, set)).rejects.toMatchObject({
    code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
  });
  // The new key is told as an event, with its public half.
  const [told] = await database.sql`
    select outcome, object_id, o.payload ->> 'action' as event, o.payload -> 'details' as details
    from activity join outbox o using (id)
    where activity.action = 'signing_key.rotate' and outcome = 'success'`;
  const { kty, crv, x } = both[0] as ServedKey;
  expect(told).toEqual({
    outcome: "success",
    object_id: after.kid,
    event: "console.signing_key.rotate",
    details: { publicKey: { kty, crv, x }, retired: before.kid },
  });
});
