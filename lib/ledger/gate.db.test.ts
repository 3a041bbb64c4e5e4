import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ReplayWorld, startReplayWorld } from "../testing/replay-world.ts";
import { lookAtLedger } from "./look.ts";
import { readMark, writeMark } from "./mark.ts";

let world: ReplayWorld;
beforeEach(async () => {
  world = await startReplayWorld(18);
});
afterEach(() => world.close());

/** A read that touches no table, in a process that begins. */
const firstRead = () => world.withGate(read);
const read = () => world.audit.use("read", "test.read", (sql) => sql`select 1 as one`);
const lockNewest = async () => {
  const [{ part = "" } = {}] = await world.log.sql`
    select tableoid::regclass::text as part from audit_log order by occurred_at desc limit 1`;
  const session = await world.log.sql.reserve();
  await session.unsafe(`begin; lock table ${part} in access exclusive mode`);
  return async () => {
    await session`rollback`;
    session.release();
  };
};

test("who cannot look for a lock goes by what a worker noted seconds ago, and else shows nothing", async () => {
  await world.add({});
  await world.look();
  const unlock = await lockNewest();
  try {
    expect(await firstRead()).toEqual([{ one: 1 }]);
    await world.withGate(async () => {
      await read();
      const took: number[] = [];
      for (let times = 0; times < 3; times++) {
        const began = performance.now();
        await read();
        took.push(performance.now() - began);
      }
      // The lock is waited for once.
      expect(Math.min(...took)).toBeLessThan(1_000);
    });
    await world.own.sql`update ledger_mark set seen_at = seen_at - interval '1 minute'`;
    await expect(firstRead()).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("could not be compared with the privacy ledger"),
    });
    await world.own.sql`update ledger_mark set seen_at = now(), log_oid = log_oid + 1`;
    await expect(firstRead()).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await world.own.sql`update ledger_mark set log_oid = log_oid - 1, state = 'target_older', behind = 1`;
    await expect(firstRead()).rejects.toMatchObject({ code: "CONFLICT" });
    await world.own.sql`delete from ledger_mark`;
    await expect(firstRead()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  } finally {
    await unlock();
  }
  expect(await firstRead()).toEqual([{ one: 1 }]);
});

test("whoever began to look before events were held back does not find that they may be shown", async () => {
  const { sql } = world.own;
  await world.add({});
  await world.look();
  // Another table than was compared: all of it is looked at, and waits for the lock.
  await sql`update ledger_mark set log_oid = log_oid + 1`;
  const unlock = await lockNewest();
  const looking = lookAtLedger({ console: sql, target: "audit", log: world.log.sql });
  await vi.waitFor(
    async () => {
      const waiting = await world.log.sql`
        select from pg_locks join pg_database on pg_database.oid = database
        where datname = current_database() and not granted`;
      expect(waiting).toHaveLength(1);
    },
    { timeout: 30_000 },
  );
  const mark = await readMark(sql, "audit");
  if (!mark) throw new Error("nothing was looked at");
  const until = new Date(Date.now() + 600_000);
  await writeMark(sql, "audit", { ...mark, state: "target_older", behind: 1 }, until);
  await unlock();
  expect(await looking).toMatchObject({ state: "target_older", heldUntil: until });
});
