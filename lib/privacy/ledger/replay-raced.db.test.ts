import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { append } from "../../audit-db/append/append.ts";
import { uuidV7 } from "../../audit-db/append/uuid-v7.ts";
import { takeDump } from "../../testing/old-dump.ts";
import { nothingToReplay, type ReplayWorld, startReplayWorld } from "../../testing/replay-world.ts";
import { destroyMarkedKey } from "../erasure/destroy-key.ts";
import type { ErasureContext } from "../erasure/erasure-context.ts";
import { readErasures } from "../erasure/erasures.ts";
import { lookAtErasure } from "../erasure/look-at-erasure.ts";

describe.each([15, 18] as const)("PostgreSQL %i", (server) => {
  let world: ReplayWorld;
  beforeEach(async () => {
    world = await startReplayWorld(server);
  });
  afterEach(() => world.close());

  test("erasures that race a replay wait for its end, and each key is destroyed and told once", async () => {
    const people = Array.from({ length: 60 }, (_, nth) => `gone ${nth}`);
    const old = { occurredAt: new Date(Date.now() - 3 * 86_400_000).toISOString() };
    // So that no floor keeps them.
    await world.log.sql`update retention_policy set floor_days = 1 where name = 'standard'`;
    await append(
      world.audit,
      [...people, "erased again", "not erased before"].map((id) => ({
        ...{ organizationId: "o", action: "a.b", status: "success" as const, actor: { id } },
        ...old,
      })),
    );
    const tokens = await Promise.all(people.map(world.tokenOf));
    const again = await world.tokenOf("erased again");
    const fresh = await world.tokenOf("not erased before");
    // The console knows the key that signs.
    await world.erase(await world.addSomebody("before"));
    await world.deliver();
    const dump = await takeDump(world.own, server);
    if (server === 18) await world.startAnew();
    for (const token of [...tokens, again]) await world.erase(token);
    while ((await world.deliver()).delivered > 0);
    const before = (await world.ledger()).length;

    await world.end();
    await dump.restore();
    world.begin();
    await expect(world.search()).rejects.toMatchObject({ code: "CONFLICT" });
    const context: ErasureContext = {
      console: world.console,
      auditTargets: ["audit"],
      openTarget: () => world.audit,
      masterKeys: world.masterKeys,
      now: () => new Date(),
    };
    let refused = 0;
    const eraseBySomebody = async (token: string) => {
      const id = uuidV7();
      await world.own.sql`
        insert into erasure (id, token, target, policy, state, held_by, requested_by_name, requested_at)
        values (${id}, ${token}, 'audit', 'standard', 'asked', '[]', 'test', now())`;
      for (;;) {
        const [row] = await readErasures(world.console.db, [id]);
        if (!row || row.state === "destroyed") return;
        try {
          const looked = row.state === "marked" ? row : await lookAtErasure(context, row);
          if (looked.state === "marked") await destroyMarkedKey(context, looked, 0);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: expect.stringMatching(/^(CONFLICT|UNAVAILABLE)$/) });
          refused++;
          await pause(20);
        }
      }
    };
    const racing = [again, fresh, ...tokens.slice(0, 10)].map(eraseBySomebody);
    const [job] = await Promise.all([world.replay(), ...racing]);
    expect(job).toMatchObject({ state: "done" });
    expect(refused).toBeGreaterThan(0);
    expect(await world.own.sql`select distinct state from erasure`).toEqual([{ state: "destroyed" }]);
    const open = await world.own.sql`
      select token from vault.subject_key where state <> 'erased' or subject is not null or wrapped_key is not null`;
    expect(open).toEqual([]);
    const entries = (await world.ledger()).map(({ facts }) => facts.token);
    expect(new Set(entries).size).toBe(entries.length);
    // What was decided before, and the one that was not.
    expect(entries).toHaveLength(before + 1);
    await world.deliver();
    expect(await world.plan()).toEqual(nothingToReplay);
    expect(await world.search()).toHaveLength(0);
    await dump.drop();
  });
});
