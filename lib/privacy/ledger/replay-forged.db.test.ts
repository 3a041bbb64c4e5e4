import { decodeProtectedHeader } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openConsoleDb } from "../../db/console-db.ts";
import { addFormerKey, type PublicJwk, replaceSigningKey } from "../../key-store/signing-keys.ts";
import { receiptOrganization } from "../../ledger/receipt-event.ts";
import { writeLedgerEntry } from "../../ledger/write-entry.ts";
import { createDatabase } from "../../testing/database.ts";
import { takeDump } from "../../testing/old-dump.ts";
import { nothingToReplay, type ReplayWorld, startReplayWorld } from "../../testing/replay-world.ts";

describe.each([15, 18] as const)("PostgreSQL %i", (server) => {
  let world: ReplayWorld;
  beforeEach(async () => {
    world = await startReplayWorld(server);
  });
  afterEach(() => world.close());

  test("what nobody known here signed destroys nothing, and is named", async () => {
    const token = await world.addSomebody("victim");
    await world.erase(await world.addSomebody("other"));
    await world.deliver();
    const [genuine] = await world.ledger();
    const forge = (receipt: unknown) =>
      world.add({
        organizationId: receiptOrganization,
        action: "privacy.erasure",
        details: {
          entry: 2,
          facts: { token, keyId: "0".repeat(32), policies: [] },
          ...(receipt ? { receipt } : {}),
        } as never,
      });
    // Signed by the key of another console.
    const strange = await createDatabase({ template: "console" });
    const stranger = openConsoleDb(strange.url, { max: 2 });
    await stranger.db.transaction(async (tx) => {
      const facts = { token, keyId: "0".repeat(32), policies: ["standard"] };
      await writeLedgerEntry(tx, {
        entry: { kind: "erasure", target: "audit", facts },
        by: { kind: "system", id: "test" },
        now: new Date(),
        sign: { masterKeys: world.masterKeys, auditTargets: ["audit"] },
      });
    });
    const [other] = await strange.sql`select receipt from privacy_ledger`;
    const [header, payload, signature] = String(genuine?.receipt).split(".");
    const told = JSON.parse(Buffer.from(payload ?? "", "base64url").toString());
    const changed = Buffer.from(JSON.stringify({ ...told, facts: { ...told.facts, token } })).toString(
      "base64url",
    );
    const forged = [
      ["no signature", await forge(undefined)],
      ["no receipt", await forge("nonsense")],
      ["unknown key", await forge(other?.receipt)],
      ["wrong signature", await forge(`${header}.${changed}.${signature}`)],
      ["another's receipt", await forge(genuine?.receipt)],
    ] as const;
    await stranger.close();
    await strange.drop();
    const { untrusted, ...rest } = await world.plan();
    expect(rest).toMatchObject({ entries: [], keys: [], needed: false });
    expect(new Map(untrusted.map(({ id, why }) => [id, why]))).toEqual(
      new Map(forged.map(([why, { id }]) => [id, why])),
    );
    expect(await world.look()).toMatchObject({ state: "agrees", untrusted: 5 });
    expect(await world.standing()).toEqual(["ok", "ok", "warning"]);
    expect(await world.replay()).toMatchObject({
      state: "done",
      result: { entries: 0, keys: 0, untrusted: 5 },
    });
    expect(await world.vault.tokensOf(["victim"], "audit")).toEqual([[token]]);
    expect(await world.search()).toEqual([]);
    // Named until they are gone, as with the partition they stand in, and all was compared once more.
    const ids = forged.map(([, { id }]) => id);
    const [row] = await world.log
      .sql`select tableoid::regclass::text as leaf from audit_log where id = ${ids[0] ?? ""}`;
    await world.log.sql.begin(async (tx) => {
      await tx.unsafe(`
        alter table ${row?.leaf} disable trigger all;
        delete from ${row?.leaf} where id in (${ids.map((id) => `'${id}'`).join(", ")});
        alter table ${row?.leaf} enable trigger all`);
    });
    expect(await world.replay()).toMatchObject({ state: "done", result: { untrusted: 0 } });
    expect(await world.standing()).toEqual(["ok", "ok", "ok"]);
  });

  test("a console that does not know the key any more trusts no receipt of it, until somebody vouches for the key", async () => {
    const token = await world.addSomebody("erased");
    const dump = await takeDump(world.own, server);
    if (server === 18) await world.startAnew();
    await world.erase(token);
    // What a replaced key signed stays signed.
    await world.console.db.transaction((tx) => replaceSigningKey(tx, world.masterKeys));
    await world.deliver();
    expect(await world.plan()).toEqual(nothingToReplay);
    const [entry] = await world.ledger();
    const [former] = await world.own.sql`select jwk from vault.public_key where retired_at is not null`;
    await world.end();
    await dump.restore();
    world.begin();
    expect((await world.plan()).untrusted).toEqual([
      {
        id: entry?.id,
        occurredAt: expect.any(String),
        action: "privacy.erasure",
        why: "unknown key",
        kid: decodeProtectedHeader(String(entry?.receipt)).kid,
      },
    ]);
    expect(await world.replay()).toMatchObject({
      state: "done",
      result: { entries: 0, keys: 0, untrusted: 1 },
    });
    expect(await world.ledger()).toEqual([]);
    // Two administrators vouch for the key; then the receipt is a word of this console's own.
    const kid = decodeProtectedHeader(String(entry?.receipt)).kid as string;
    const vouch = (key: { kid: string; publicKey: PublicJwk }) =>
      world.console.db.transaction((tx) => addFormerKey(tx, key, new Date()));
    const publicKey = former?.jwk as PublicJwk;
    await expect(
      vouch({ kid, publicKey: { ...publicKey, x: Buffer.alloc(32).toString("base64url") } }),
    ).rejects.toMatchObject({
      code: "BAD_INPUT",
    });
    expect(await vouch({ kid, publicKey })).toBe(true);
    expect(await vouch({ kid, publicKey })).toBe(false);
    expect(await world.plan()).toMatchObject({ entries: [{ entry: 1 }], untrusted: [], needed: true });
    expect(await world.replay()).toMatchObject({
      state: "done",
      result: { entries: 1, keys: 1, untrusted: 0 },
    });
    expect(await world.vault.tokensOf(["erased"], "audit")).toEqual([[]]);
    await dump.drop();
  });
});
