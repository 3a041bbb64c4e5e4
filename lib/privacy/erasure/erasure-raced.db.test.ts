import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminActions } from "../../admin.ts";
import { actorContext } from "../../audit-db/append/append-rows.ts";
import type { StoredRow } from "../../audit-db/append/check-leaf.ts";
import { leafColumns } from "../../audit-db/append/leaf-row.ts";
import { openMasterKeyFile } from "../../audit-db/vault/file-master-keys.ts";
import { searchEvents } from "../../events/search-events.ts";
import { openVault } from "../../key-store/open-vault.ts";
import { rewrapKeys } from "../../key-store/rewrap-keys.ts";
import { rotateMasterKey } from "../../key-store/rotate-master-key.ts";
import {
  dayMs,
  type PrivacyWorld,
  startPrivacyWorld,
  targets,
  type WorldTarget,
} from "../../testing/privacy-world.ts";
import { countLeaves, fillTargets, proofEvent, proofPolicies } from "../../testing/proof-world.ts";

const reason = "the person asked for it";
const { erasePolicy, placeHold } = adminActions;
const person = "one of three";
const eventsOfTarget = 90;
/** Of each policy, of every target. */
const each = eventsOfTarget / 3 / proofPolicies.length;

describe.each([15, 18] as const)("PostgreSQL %i", (server) => {
  let world: PrivacyWorld;
  const from = Date.now() - 210 * dayMs;
  beforeAll(async () => {
    world = await startPrivacyWorld(server, { since: from });
    await fillTargets(world, eventsOfTarget, (nth) =>
      proofEvent(nth, from, Math.floor(nth / 3) % 3 === 0 ? { actor: { id: person, name: "Ada" } } : {}),
    );
  });
  afterAll(() => world?.close());

  const rowsOf = (target: WorldTarget) => world.databases[target].sql<StoredRow[]>`
    select ${world.databases[target].sql.unsafe(leafColumns)}, leaf, actor_personal as "actorPersonal",
           target_personal as "targetPersonal"
    from public.audit_log where actor_token like 'p\\_%' order by occurred_at`;

  async function readable(target: WorldTarget) {
    const rows = await rowsOf(target);
    const revealed = await openVault()?.reveal(
      rows.map((row) => ({
        token: row.actorToken as string,
        personal: row.actorPersonal as Buffer,
        context: actorContext(row.id),
        target,
        policy: row.retentionPolicy,
      })),
    );
    const states = new Map<string, number>();
    for (const [at, row] of rows.entries()) {
      const name = `${row.retentionPolicy} ${revealed?.[at]?.state}`;
      states.set(name, (states.get(name) ?? 0) + 1);
    }
    return Object.fromEntries(states);
  }

  test("one policy goes, the others stay, and every leaf verifies", async () => {
    const all = Object.fromEntries(proofPolicies.map((name) => [`${name} readable`, each]));
    expect(await readable("eu")).toEqual(all);
    const [row] = await world.databases.eu.sql`
      select actor_token as token from public.audit_log
      where retention_policy = 'minimal' and actor_token is not null limit 1`;
    await world.agreed(erasePolicy, { person, target: "eu", policy: "minimal", reason });
    await world.settled();
    const { "minimal readable": _, ...left } = all;
    expect(await readable("eu")).toEqual({ ...left, "minimal erased": each });
    expect(await readable("us")).toEqual(all);
    // Nothing leads from its rows to the person any more.
    expect(await world.sql`select subject from vault.subject_key where token = ${row?.token}`).toEqual([
      { subject: null },
    ]);
    const found = await searchEvents(
      world.audit.eu,
      { from: new Date(from - dayMs), to: new Date(), actor: person },
      { limit: 500 },
    );
    expect(new Set(found.data.events.map(({ retentionPolicy }) => retentionPolicy))).toEqual(
      new Set(["standard", "confidential"]),
    );
    expect(found.data.events).toHaveLength(2 * each);
    for (const target of targets)
      expect(await countLeaves(world.databases[target].sql)).toEqual({ matches: eventsOfTarget });
  });

  test("appends that race it are readable, whatever becomes of the key they came for", async () => {
    const racer = "appending meanwhile";
    const old = await world.append("eu", racer, "minimal", 200);
    let going = true;
    const keys: { id: string; occurredAt: string }[] = [];
    const appending = (async () => {
      while (going) keys.push(await world.append("eu", racer, "minimal", 0));
    })();
    await world.agreed(erasePolicy, { person: racer, target: "eu", policy: "minimal", reason });
    await world.settled();
    going = false;
    await appending;
    const state = (await world.erasures()).at(-1)?.state;
    expect(["kept", "destroyed"]).toContain(state);
    for (const key of keys) expect(await world.reveal("eu", key)).toMatchObject({ state: "readable" });
    expect(await world.reveal("eu", old)).toMatchObject({ state: state === "kept" ? "readable" : "erased" });
  });

  test("holds that race it win, or come after it was done", async () => {
    const people = Array.from({ length: 6 }, (_, nth) => `held at any moment ${nth}`);
    for (const [nth, racer] of people.entries()) {
      const event = await world.append("us", racer, "minimal", 200);
      const erasing = world.agreed(erasePolicy, { person: racer, target: "us", policy: "minimal", reason });
      await new Promise((resolve) => setTimeout(resolve, nth * 200));
      const place = () => world.run(placeHold, { name: racer, reason: "court order", person: racer });
      const placed = await place();
      // Their last key, and with it all that the console knew them by, may go while the hold is being placed.
      if (!placed.ok) {
        expect(placed.error.code).toBe("CONFLICT");
        expect(await place()).toMatchObject({ ok: true });
      }
      const seen = await world.reveal("us", event);
      const [then] = await world.sql`
        select count(*)::int as destroyed from vault.subject_key where state = 'erased'`;
      await erasing.catch(() => {});
      await world.settled();
      const [now] = await world.sql`
        select count(*)::int as destroyed from vault.subject_key where state = 'erased'`;
      expect(now).toEqual(then);
      const state = (await world.erasures()).at(-1)?.state;
      if (state === "held") expect(await world.reveal("us", event)).toMatchObject({ state: "readable" });
      else expect([state, seen]).toEqual(["destroyed", { state: "erased" }]);
    }
  }, 180_000);

  test("a master key that is replaced meanwhile wraps what stays, and nothing that went", async () => {
    const racer = "during a rotation";
    const gone = await world.append("eu", racer, "minimal", 200);
    const stays = await world.append("eu", racer, "standard", 200);
    const ring = openMasterKeyFile(world.environment.MASTER_KEY_FILE as string);
    const rotating = (async () => {
      await rotateMasterKey(world.console.sql, ring, crypto.randomUUID());
      while ((await rewrapKeys(world.console.sql, ring, 30)) > 0);
    })();
    await world.agreed(erasePolicy, { person: racer, target: "eu", policy: "minimal", reason });
    await Promise.all([rotating, world.settled()]);
    while ((await rewrapKeys(world.console.sql, ring, 30)) > 0);
    expect(await world.reveal("eu", gone)).toEqual({ state: "erased" });
    expect(await world.reveal("eu", stays)).toMatchObject({ state: "readable" });
    const wrapped = await world.sql`
      select distinct state, wrapped_key is null as gone, master_key_id = ${await ring.activeId()} as active
      from vault.subject_key order by state`;
    expect(wrapped.filter(({ state }) => state === "erased")).toEqual([
      { state: "erased", gone: true, active: null },
    ]);
    for (const { state, active } of wrapped)
      if (state !== "erased") expect([state, active]).toEqual([state, true]);
  });
});
