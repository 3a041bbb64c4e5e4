import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createConsole } from "../testing/people.ts";
import { beginScheduled } from "./begin-scheduled.ts";
import { defineJob } from "./define-job.ts";
import { defineSchedule, type Schedule } from "./define-schedule.ts";
import { keepSchedules, mirrorSchedules } from "./keep-schedules.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const job = defineJob({
  name: "test.tidy",
  title: "Tidy",
  input: z.object({ target: z.string() }),
  target: true,
  run: async () => null,
});
const of = (target: string, cron: string, jitterSeconds = 0) =>
  defineSchedule(job, { input: { target }, cron, timeZone: "Europe/Berlin", jitterSeconds });
let given: Awaited<ReturnType<typeof createConsole>>;

beforeAll(async () => {
  given = await createConsole();
});
afterAll(() => given.drop());
beforeEach(() => given.test.sql`truncate job, schedule cascade`);

const mirror = (schedules: Schedule[]) => mirrorSchedules({ console: given.console, schedules });
const table = () => given.test.sql`select name, cron, last_slot from schedule order by name`;
const jobs = () => given.test.sql`select * from job order by id`;
const setLastSlot = (slot: string) => given.test.sql`update schedule set last_slot = ${slot}`;

test("the table mirrors the code: new ones begin with their next slot, changed ones keep their last, old ones go", async () => {
  await mirror([of("a", "0 * * * *"), of("b", "0 * * * *")]);
  const [first] = await table();
  expect(Date.now() - first?.last_slot.getTime()).toBeLessThan(60_000);
  expect(await beginScheduled(given.console, of("a", "0 * * * *"), first?.last_slot)).toBeNull();

  await setLastSlot("2026-05-01T00:00Z");
  await mirror([of("b", "30 * * * *"), of("c", "0 * * * *")]);
  const now = await table();
  expect(now.map(({ name, cron }) => [name, cron])).toEqual([
    ["test.tidy:b", "30 * * * *"],
    ["test.tidy:c", "0 * * * *"],
  ]);
  expect(now[0]?.last_slot).toEqual(new Date("2026-05-01T00:00Z"));
});

test("a slot is begun once, however many workers see that it is due", async () => {
  const schedule = of("a", "0 * * * *");
  await mirror([schedule]);
  await setLastSlot("2026-05-01T00:00Z");
  const at = new Date("2026-05-01T01:00:01Z");
  const begun = await Promise.all([1, 2, 3].map(() => beginScheduled(given.console, schedule, at)));
  expect(begun.filter((one) => one === "begun")).toHaveLength(1);
  expect(begun).not.toContain("skipped");
  expect(await beginScheduled(given.console, schedule, at)).toBeNull();
  expect(await jobs()).toMatchObject([
    {
      name: "test.tidy",
      target: "a",
      schedule: "test.tidy:a",
      state: "waiting",
      actor_kind: "system",
      actor_name: "schedule",
      input: { target: "a" },
    },
  ]);
  expect(
    await given.test.sql`select from pgboss.job where data->>'job' = ${(await jobs())[0]?.id}`,
  ).toHaveLength(1);
});

test("two workers begin what is due, each slot once", async () => {
  const schedule = of("a", "* * * * *");
  await mirror([schedule]);
  await setLastSlot("2026-05-01T00:00Z");
  const stop = new AbortController();
  const options = { console: given.console, schedules: [schedule], logger: quiet };
  const kept = [1, 2].map(() => keepSchedules(options, stop.signal));
  await expect.poll(jobs, { timeout: 30_000 }).toMatchObject([{ state: "waiting", schedule: "test.tidy:a" }]);
  const [begun] = await table();
  expect(begun?.last_slot.getTime()).toBeGreaterThan(Date.now() - 120_000);
  stop.abort();
  await Promise.all(kept);
});

test("a slot that somebody else is about to begin is looked at again: they may die over it", async () => {
  const schedule = of("a", "0 * * * *");
  await mirror([schedule]);
  await setLastSlot("2026-05-01T00:00Z");
  const at = new Date("2026-05-01T01:00:01Z");
  const dying = given.test.sql.begin(async (sql) => {
    await sql`select from schedule for update`;
    expect(await beginScheduled(given.console, schedule, at)).toBe("busy");
    throw new Error("died");
  });
  await expect(dying).rejects.toThrow("died");
  expect(await beginScheduled(given.console, schedule, at)).toBe("begun");
});

test("of the slots missed while no worker ran the newest is begun, once", async () => {
  const schedule = of("a", "0 * * * *");
  await mirror([schedule]);
  await setLastSlot("2026-05-01T00:00Z");
  const at = new Date("2026-05-03T05:30:00Z");
  expect(await beginScheduled(given.console, schedule, at)).toBe("begun");
  expect(await beginScheduled(given.console, schedule, at)).toBeNull();
  expect(await jobs()).toHaveLength(1);
  expect((await table())[0]?.last_slot).toEqual(new Date("2026-05-03T05:00:00Z"));
});

test("a run that is due while the one before it has not ended is on record as skipped", async () => {
  const schedule = of("a", "0 * * * *");
  await mirror([schedule]);
  await setLastSlot("2026-05-01T00:00Z");
  await beginScheduled(given.console, schedule, new Date("2026-05-01T01:00Z"));
  expect(await beginScheduled(given.console, schedule, new Date("2026-05-01T02:00Z"))).toBe("skipped");
  await given.test.sql`update job set state = 'done' where state = 'waiting'`;
  expect(await beginScheduled(given.console, schedule, new Date("2026-05-01T03:00Z"))).toBe("begun");
  expect(await jobs()).toMatchObject([
    { state: "done" },
    {
      state: "skipped",
      finished_at: new Date("2026-05-01T02:00Z"),
      error: { code: "CONFLICT", message: "The previous run had not ended." },
    },
    { state: "waiting" },
  ]);
});

test("one that is off lets its slots pass; switched on again it begins with the next", async () => {
  const schedule = of("a", "0 * * * *");
  await mirror([schedule]);
  await setLastSlot("2026-05-01T00:00Z");
  await given.test.sql`update schedule set enabled = false`;
  expect(await beginScheduled(given.console, schedule, new Date("2026-05-01T01:00Z"))).toBeNull();
  await given.test.sql`update schedule set enabled = true`;
  expect(await beginScheduled(given.console, schedule, new Date("2026-05-01T01:59Z"))).toBeNull();
  expect(await beginScheduled(given.console, schedule, new Date("2026-05-01T02:00Z"))).toBe("begun");
});

test("jitter puts the run off, and no further than it says", async () => {
  const schedule = of("a", "0 * * * *", 600);
  await mirror([schedule]);
  await setLastSlot("2026-05-01T00:00Z");
  const at = new Date("2026-05-01T01:00Z");
  await beginScheduled(given.console, schedule, at);
  const [row] = await jobs();
  const later = row?.run_after.getTime() - at.getTime();
  expect(later).toBeGreaterThan(0);
  expect(later).toBeLessThanOrEqual(600_000);
  const [entry] = await given.test.sql`select start_after from pgboss.job where id = ${row?.entry_id}`;
  expect(entry?.start_after).toEqual(row?.run_after);
});
