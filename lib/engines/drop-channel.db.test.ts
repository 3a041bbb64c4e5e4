import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Drop } from "../audit-db/cache/types.ts";
import { type ConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { openDropChannel } from "./drop-channel.ts";

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
