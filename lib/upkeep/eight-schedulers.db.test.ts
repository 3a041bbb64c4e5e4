import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { keepSchedules } from "../jobs/keep-schedules.ts";
import { startUpkeepWorld, type UpkeepWorld } from "../testing/upkeep-world.ts";
import { listUpkeepSchedules } from "./rule-schedule.ts";

const of = { target: "audit", table: { schema: "public", name: "audit_log" } };
const logger = { debug() {}, info() {}, warn() {}, error() {} };
let world: UpkeepWorld;

beforeAll(async () => {
  world = await startUpkeepWorld(18, { workers: 2 });
});
afterAll(() => world?.close());

test("eight schedulers begin each slot of a rule once, and every run makes what is missing", async () => {
  const { administration, database } = world;
  const { console, sql } = administration;
  await world.approve({ ...of, ...{ ahead: 3, cron: "* * * * *" } });
  // Finer than people may ask for: a slot every second second.
  await sql`update partition_upkeep set cron = '*/2 * * * * *'`;
  const stop = new AbortController();
  const slots = new Set<string>();
  const options = {
    ...{ console, schedules: [], logger },
    setSchedules: (tx: Parameters<typeof listUpkeepSchedules>[0]) => listUpkeepSchedules(tx, ["audit"]),
  };
  const kept = Array.from({ length: 8 }, () => keepSchedules(options, stop.signal));
  const newest = async () =>
    (
      await database.sql<{ name: string }[]>`
        select relid::regclass::text as name from pg_partition_tree('audit_log_standard') where isleaf order by 1 desc`
    )[0]?.name;
  const last = await newest();
  const runs = () => sql`select state, result, error, created_at as at from job order by id`;
  await vi.waitFor(
    async () => {
      const [schedule] = await sql`select last_slot from schedule`;
      if (schedule) slots.add(schedule.last_slot.toISOString());
      // The newest is taken away whenever it is there, so that runs have something to do.
      if ((await newest()) === last) await database.sql.unsafe(`drop table ${last}`);
      const done = (await runs()).filter(({ state }) => state === "done");
      if (done.length < 5) throw new Error(`${done.length} runs`);
    },
    { timeout: 150_000, interval: 100 },
  );
  stop.abort();
  await Promise.all(kept);
  await vi.waitFor(
    async () => {
      const open = (await runs()).filter(({ state }) => state === "waiting" || state === "running");
      if (open.length > 0) throw new Error("a run is open");
    },
    { timeout: 60_000, interval: 100 },
  );
  const all = await runs();
  // Of a slot there is one row, begun or skipped: no two lie within one slot.
  const begun = all.map(({ at }) => Math.floor(at.getTime() / 2_000));
  expect(new Set(begun).size).toBe(begun.length);
  expect(all.filter(({ error, state }) => error && state !== "skipped")).toEqual([]);
  expect(all.filter(({ result }) => result?.outcome === "done").length).toBeGreaterThan(1);
  expect(slots.size).toBeGreaterThanOrEqual(5);
});
