import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ReplayWorld, startReplayWorld } from "../testing/replay-world.ts";
import { createLedgerGate } from "./gate.ts";
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

test("what was asked for before a look does not undo what that found", async () => {
  const { sql } = world.own;
  await world.add({});
  await world.look();
  const answered = Promise.withResolvers<void>();
  let late: Promise<void> | undefined;
  /** The console's database, whose next answer about the mark takes until `answered`. */
  const console = new Proxy(sql, {
    apply(client, self, args) {
      const asked = Reflect.apply(client, self, args);
      if (late || !vi.isFakeTimers()) return asked;
      const answer = asked.then(async (rows: unknown) => {
        await answered.promise;
        return rows;
      });
      late = answer.then(() => {});
      return answer;
    },
  });
  const gate = createLedgerGate(console, "audit");
  const seen = (start: number) => gate(world.log.sql, { start, host: undefined, log: "1" });
  await seen(1);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 6_000 });
  await seen(1);
  vi.useRealTimers();
  expect(late).toBeDefined();
  await sql`
    update ledger_mark set state = 'target_older', behind = 1, held_until = clock_timestamp() + interval '1 hour'`;
  await expect(seen(2)).rejects.toMatchObject({ code: "CONFLICT" });
  const again = seen(2);
  answered.resolve();
  await expect(again).rejects.toMatchObject({ code: "CONFLICT" });
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
