import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { takeDump } from "../../testing/old-dump.ts";
import { nothingToReplay, type ReplayWorld, startReplayWorld } from "../../testing/replay-world.ts";

describe.each([15, 18] as const)("PostgreSQL %i", (server) => {
  let world: ReplayWorld;
  beforeEach(async () => {
    world = await startReplayWorld(server);
  });
  afterEach(() => world.close());

  test("a console that is older than its log shows nothing until the ledger is replayed, and finds nobody then", async () => {
    const erased = await world.add({ actor: { id: "erased", email: "erased@example.test" } });
    await world.add({ actor: { id: "restricted" } });
    const other = await world.add({ details: { mail: "someone@example.test" }, outcome: "o" });
    const token = await world.tokenOf("erased");
    const personal = (await world.stored(erased.id))?.actor_personal;
    const reveal = () =>
      world.vault.reveal([
        { token, personal, context: `${erased.id}/actor`, target: "audit", policy: "standard" } as never,
      ]);
    // The console knows the key that signs; later ones it could not check.
    await world.erase(await world.addSomebody("before"));
    await world.deliver();
    const dump = await takeDump(world.own, server);
    if (server === 18) await world.startAnew();
    await world.erase(token);
    await world.restrict(await world.tokenOf("restricted"));
    await world.redact(other);
    expect(await world.deliver()).toMatchObject({ delivered: 3 });
    const whole = await world.ledger();
    expect(await world.plan()).toEqual(nothingToReplay);
    expect(await world.search()).toEqual([erased.id, other.id].sort());

    await world.end();
    await dump.restore();
    world.begin();
    expect((await world.ledger()).map(({ entry }) => entry)).toEqual([1]);
    expect(await world.vault.tokensOf(["erased"], "audit")).toEqual([[token]]);
    await expect(world.search()).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("This console is older than the log of audit: 3 entries"),
      hint: expect.stringContaining("audit-db privacy replay --target audit --dry-run"),
    });
    expect(await world.standing()).toEqual(["critical", "ok", "ok"]);
    const planned = await world.plan();
    expect(planned).toEqual({
      ...nothingToReplay,
      entries: whole
        .slice(1)
        .map(({ entry, kind, at, id }) => ({ entry, kind, at: at.toISOString(), receiptId: id })),
      keys: [token],
      needed: true,
    });
    const job = await world.replay();
    expect(job).toMatchObject({
      state: "done",
      result: { entries: 3, keys: 1, redactions: 0, differing: [], receipts: 0, untrusted: 0 },
    });
    expect(await world.ledger()).toEqual(whole);
    expect(await world.plan()).toEqual(nothingToReplay);
    expect(await world.standing()).toEqual(["ok", "ok", "ok"]);
    expect(await world.vault.tokensOf(["erased"], "audit")).toEqual([[]]);
    expect(await reveal()).toMatchObject([{ state: "erased" }]);
    expect(await world.search()).toEqual([erased.id, other.id].sort());
    // Numbers go on behind those that came back.
    await world.erase(await world.addSomebody("after"));
    expect((await world.ledger()).map(({ entry }) => entry)).toEqual([1, 2, 3, 4, 5]);
    expect(await world.replay()).toMatchObject({ state: "done", result: { entries: 0, keys: 0 } });
    await dump.drop();
  });
});
