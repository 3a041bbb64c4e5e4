import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { consoleLocks } from "../db/locks.ts";
import { getHold } from "../privacy/holds/get-holds.ts";
import { placeHold } from "../privacy/holds/place-hold.ts";
import { compileCache } from "../testing/compile-cache.ts";
import type { DestroyOrder } from "../testing/destroy-rows.ts";
import { type HoldWorld, startHoldWorld } from "../testing/hold-world.ts";
import { addActor } from "../testing/people.ts";
import { destroyRow, rowDestroyed } from "../testing/row-destroyed.ts";
import type { EffectContext } from "../verbs/effects/effect-context.ts";
import { reconcileEffects } from "../verbs/effects/reconcile-effects.ts";
import { confirmHolds } from "./confirm-holds.ts";
import type { GateContext } from "./types.ts";

const root = path.resolve(import.meta.dirname, "../..");
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const rounds = 10;
const processes = 3;

describe.each([15, 18] as const)("PostgreSQL %i", (server) => {
  let world: HoldWorld;
  let context: EffectContext & GateContext;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    world = await startHoldWorld(server);
    await world.database.sql`create table public.destroyed (row text primary key)`;
    await world.database.sql`grant select on public.destroyed to public`;
    const { console } = world.administration;
    context = { console, auditTargets: ["audit"], openTarget: () => world.audit, logger: silent };
    await Promise.all(Array.from({ length: processes }, startDestroyer));
  });
  afterAll(async () => {
    for (const child of children) child.disconnect();
    await Promise.all(
      children.map((child) => child.exitCode === null && child.signalCode === null && once(child, "exit")),
    );
    await world.close();
  });

  async function startDestroyer(): Promise<ChildProcess> {
    const args = ["lib/testing/destroy-rows.ts", world.administration.url, world.database.url];
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: { ...compileCache, NODE_ENV: "test" },
    });
    await once(child, "message");
    children.push(child);
    return child;
  }
  const order = (child: ChildProcess, told: DestroyOrder) => child.send(told);
  const destroyedOf = async (policy: string) =>
    (await world.database.sql`select row from public.destroyed where row like ${`${policy} %`}`).map(
      ({ row }) => row,
    );
  const place = async (policy: string) => {
    const { administration } = world;
    const input = { name: "Case", reason: "Ticket AUD-1, race", scope: { policies: [policy] } };
    return administration.succeed(placeHold, administration.admin, input);
  };
  const rowsOf = async (effects: readonly string[]) => {
    const named = JSON.stringify(effects);
    const rows = await world.administration.sql`
      select input ->> 'row' as row from effect where ${named}::text::jsonb ? id::text`;
    return rows.map(({ row }) => row);
  };
  const endGate = async () => {
    const ended = await world.administration.sql`
      select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32) + objid::bigint = ${consoleLocks.holds}::text::bigint`;
    expect(ended.length).toBe(1);
  };
  const confirm = () => confirmHolds(world.administration.console, ["audit"]);

  test("whenever a hold is placed among destroyers, nothing is destroyed after but what it names, and nothing once it is in force", async () => {
    const seen = { destroyed: 0, named: 0, kept: 0 };
    for (let round = 0; round < rounds; round++) {
      const policy = `p${round}`;
      const through = Promise.all(children.map((child) => once(child, "message")));
      for (const child of children) order(child, { policy, rows: 12 });
      await sleep(Math.random() * 80);
      const placed = await place(policy);
      const before = await destroyedOf(policy);
      let inForce = placed.state === "in_force";
      const deadline = Date.now() + 20_000;
      while (!inForce && Date.now() < deadline) {
        await confirm();
        inForce = (await getHold(world.administration.console.db, placed.id)).state === "in_force";
      }
      expect(inForce).toBe(true);
      const atForce = await destroyedOf(policy);
      await through;
      const after = await destroyedOf(policy);
      const named = await rowsOf(placed.awaits);
      expect([round, after.toSorted()]).toEqual([round, atForce.toSorted()]);
      expect([round, after.filter((row) => !before.includes(row) && !named.includes(row))]).toEqual([
        round,
        [],
      ]);
      seen.destroyed += after.length;
      seen.named += named.length;
      seen.kept += processes * 12 - after.length;
    }
    // The race was one: some came before, some were on their way, and most were kept.
    expect(seen.destroyed).toBeGreaterThan(0);
    expect(seen.named).toBeGreaterThan(0);
    expect(seen.kept).toBeGreaterThan(rounds);
  });

  test("the gate's connection ends between its look and the target's commit: the hold names it, and waits until it is told", async () => {
    const { administration, database } = world;
    const input = { row: "lost 1", policy: "lost" };
    const inside = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const destroying = destroyRow(context, database.sql, input, async (at) => {
      if (at !== "before") return;
      inside.resolve();
      await go.promise;
    });
    destroying.catch(() => {});
    await inside.promise;
    await endGate();
    const placed = await place("lost");
    expect(placed.state).toBe("placing");
    expect(await rowsOf(placed.awaits)).toEqual(["lost 1"]);
    expect(await confirm()).toBe(0);
    expect(await destroyRow(context, database.sql, { row: "lost 2", policy: "lost" }, async () => {})).toBe(
      false,
    );
    go.resolve();
    await expect(destroying).rejects.toMatchObject({
      code: "UNAVAILABLE",
      hint: "It was done all the same.",
    });
    expect(await confirm()).toBe(1);
    expect(await destroyedOf("lost")).toEqual(["lost 1"]);
    expect(await getHold(administration.console.db, placed.id)).toMatchObject({
      state: "in_force",
      awaits: [],
    });
  });

  test("one that slept behind the gate until others had looked wakes up and destroys nothing", async () => {
    const { administration, database } = world;
    const inside = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const destroying = destroyRow(context, database.sql, { row: "slept 1", policy: "slept" }, async (at) => {
      if (at !== "before") return;
      inside.resolve();
      await go.promise;
    });
    destroying.catch(() => {});
    await inside.promise;
    await endGate();
    const now = new Date(Date.now() + 31_000);
    expect(await reconcileEffects({ ...context, verbs: [{ effect: rowDestroyed }], now })).toMatchObject({
      failed: 1,
    });
    const placed = await place("slept");
    expect(placed.state).toBe("in_force");
    go.resolve();
    await expect(destroying).rejects.toMatchObject({ code: "UNAVAILABLE", untouched: true });
    expect(await destroyedOf("slept")).toEqual([]);
    expect(await getHold(administration.console.db, placed.id)).toMatchObject({ state: "in_force" });
  });

  test("the destroyer dies after the target's commit: the hold is in force once somebody has looked", async () => {
    const { administration } = world;
    const child = await startDestroyer();
    const died = once(child, "exit");
    order(child, { policy: "died", rows: 1, dies: true });
    await died;
    children.splice(children.indexOf(child), 1);
    const placed = await place("died");
    expect(placed).toMatchObject({ state: "placing", awaits: [expect.any(String)] });
    const later = (seconds: number) => new Date(Date.now() + seconds * 1_000);
    expect(
      await reconcileEffects({ ...context, verbs: [{ effect: rowDestroyed }], now: later(20) }),
    ).toMatchObject({
      done: 0,
    });
    expect(await confirm()).toBe(0);
    expect(
      await reconcileEffects({ ...context, verbs: [{ effect: rowDestroyed }], now: later(31) }),
    ).toMatchObject({
      done: 1,
    });
    expect(await confirm()).toBe(1);
    expect((await destroyedOf("died")).length).toBe(1);
    expect(await getHold(administration.console.db, placed.id)).toMatchObject({ state: "in_force" });
  });

  test("a hold that waits for the lock is placed after the destruction, and one that was before keeps it back", async () => {
    const { administration, database } = world;
    const officer = await addActor(administration.console, "privacy_officer");
    const inside = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const destroying = destroyRow(context, database.sql, { row: "slow 1", policy: "slow" }, async (at) => {
      if (at !== "before") return;
      inside.resolve();
      await go.promise;
    });
    await inside.promise;
    const placing = administration.succeed(placeHold, officer, {
      name: "Case",
      reason: "Ticket AUD-1, slow",
      scope: { policies: ["slow"] },
    });
    await expect
      .poll(
        async () =>
          (await administration.sql`select from pg_locks where locktype = 'advisory' and not granted`).length,
      )
      .toBe(1);
    expect(
      await administration.sql`select from legal_hold where scope ->> 'policies' like '%slow%'`,
    ).toHaveLength(0);
    go.resolve();
    expect(await destroying).toBe(true);
    const placed = await placing;
    expect(await rowsOf(placed.awaits)).toEqual(placed.state === "placing" ? ["slow 1"] : []);
    expect(await destroyRow(context, database.sql, { row: "slow 2", policy: "slow" }, async () => {})).toBe(
      false,
    );
    expect(await destroyedOf("slow")).toEqual(["slow 1"]);
  });
});
