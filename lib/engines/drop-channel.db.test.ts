import { hostname } from "node:os";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Drop } from "../audit-db/cache/types.ts";
import { type ConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { openDropChannel } from "./drop-channel.ts";
import { askToForget, confirmForgetting } from "./forgotten-answers.ts";

let database: TestDatabase;
let processes: ConsoleDb[];
beforeAll(async () => {
  database = await createDatabase({ template: "console" });
  processes = [openConsoleDb(database.url), openConsoleDb(database.url)];
});
afterAll(async () => {
  await Promise.all(processes.map((one) => one.close()));
  await database.drop();
});

test("a drop reaches the other processes, not its sender, and nobody who no longer listens", async () => {
  const [a, b] = processes.map(({ sql }) => openDropChannel(sql));
  if (!a || !b) throw new Error("two processes");
  const [heardByA, heardByB]: Drop[][] = [[], []];
  a.listen((drop) => heardByA?.push(drop));
  const stop = b.listen((drop) => heardByB?.push(drop));
  const listening = () => database.sql`
    select from pg_stat_activity where datname = current_database() and query ilike 'listen%'`;
  await vi.waitFor(async () => expect(await listening()).toHaveLength(2), 20_000);
  await a.publish({ target: "audit", tags: ["*"] });
  await vi.waitFor(() => expect(heardByB).toEqual([{ target: "audit", tags: ["*"] }]), 20_000);
  await database.sql`select pg_notify('audit_db_cache_drops', 'nonsense')`;
  await b.publish({ target: "audit", keys: ["k"] });
  await vi.waitFor(() => expect(heardByA).toEqual([{ target: "audit", keys: ["k"] }]), 20_000);
  stop();
  await a.publish({ target: "audit", tags: ["x"] });
  expect(heardByB).toHaveLength(1);
});

test("whoever asks hears from each process that it forgot, and from one that hears nothing nothing", async () => {
  const [asking, answering] = processes as [ConsoleDb, ConsoleDb];
  const held = { eu: 3, us: 4 };
  const engines = (["eu", "us"] as const).map((name) => ({
    forgetAnswers() {
      const had = held[name];
      held[name] = 0;
      return had;
    },
  }));
  const failed: unknown[] = [];
  const stop = confirmForgetting(answering.sql, () => engines, { onError: (thrown) => failed.push(thrown) });
  const here = { host: hostname(), pid: process.pid };
  const began = Date.now();
  const [forgotten, ...more] = await askToForget(asking.sql, [here], 20_000);
  expect(more).toEqual([]);
  expect(forgotten).toEqual({ ...here, answers: 7, at: expect.any(String) });
  expect(Date.parse(forgotten?.at ?? "")).toBeGreaterThanOrEqual(began);
  const silent = { host: "elsewhere", pid: 1 };
  expect(await askToForget(asking.sql, [here, silent], 300)).toMatchObject([here]);
  await stop();
  expect(await askToForget(asking.sql, [here], 100)).toEqual([]);
  expect(failed).toEqual([]);
});
