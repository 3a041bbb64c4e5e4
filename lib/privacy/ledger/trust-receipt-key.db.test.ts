import { generateKeyPairSync } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminActions } from "../../admin.ts";
import type { PublicJwk } from "../../key-store/signing-keys.ts";
import { addActor } from "../../testing/people.ts";
import { type PrivacyWorld, startPrivacyWorld } from "../../testing/privacy-world.ts";

let world: PrivacyWorld;
beforeAll(async () => {
  world = await startPrivacyWorld(18, { worker: false });
});
afterAll(() => world?.close());

const { approveRequest, trustReceiptKey } = adminActions;
const reason = "the key of the console before the restore";

test("two administrators take a public key for a former one, which signs nothing", async () => {
  const [first, second] = [await addActor(world.console, "admin"), await addActor(world.console, "admin")];
  const jwk = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" }) as PublicJwk;
  const publicKey = { kty: jwk.kty, crv: jwk.crv, x: jwk.x };
  const kid = await calculateJwkThumbprint(publicKey);
  const agree = async (input: object) => {
    const { approvalId } = (await world.succeed(trustReceiptKey, input as never, first)) as unknown as {
      approvalId: string;
    };
    const [row] = await world.sql`select digest from approval where id = ${approvalId}`;
    return world.run(approveRequest, { approvalId, digest: row?.digest }, second);
  };
  expect(await world.run(trustReceiptKey, { kid, publicKey, reason })).toMatchObject({
    error: { code: "FORBIDDEN" },
  });
  expect(await agree({ kid: "A".repeat(43), publicKey, reason })).toMatchObject({
    error: { code: "BAD_INPUT" },
  });
  expect(await world.sql`select from vault.public_key where kid = ${kid}`).toHaveLength(0);
  expect(await agree({ kid, publicKey, reason })).toMatchObject({ ok: true });
  const [key] = await world.sql`
    select jwk, retired_at is not null as retired from vault.public_key where kid = ${kid}`;
  expect(key).toEqual({ jwk: publicKey, retired: true });
  const [told] = await world.sql`
    select object_id, detail from activity where action = 'receipt_key.trust' and outcome = 'success'`;
  expect(told).toMatchObject({ object_id: kid, detail: { publicKey } });
  expect(await agree({ kid, publicKey, reason })).toMatchObject({ error: { code: "CONFLICT" } });
});
