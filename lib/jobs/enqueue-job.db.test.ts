import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { systemActor } from "../auth/actor.ts";
import { type ConsoleDb, openConsoleDb } from "../db/console-db.ts";
import { migrateConsole } from "../db/migrate.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { runJob } from "../testing/run-job.ts";
import { defineJob } from "./define-job.ts";
import { enqueueJob } from "./enqueue-job.ts";

const job = defineJob({
  name: "test.count",
  title: "Count",
  input: z.object({ to: z.number() }),
  run: async () => null,
});
const actor = systemActor("test");
let database: TestDatabase;
let console_: ConsoleDb;

beforeAll(async () => {
  database = await createDatabase({ template: "console" });
  console_ = openConsoleDb(database.url, { max: 4 });
});
afterAll(async () => {
  await console_.close();
  await database.drop();
});

test("what is enqueued in a transaction that is rolled back leaves neither a row nor an entry", async () => {
  const now = new Date();
  const undone = console_.db.transaction(async (tx) => {
    await enqueueJob({ tx, actor, now }, job, { to: 3 });
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  expect(await database.sql`select from job`).toHaveLength(0);
  expect(await database.sql`select from pgboss.job`).toHaveLength(0);

  const { id } = await console_.db.transaction((tx) => enqueueJob({ tx, actor, now }, job, { to: 3 }));
  const [row] = await database.sql`select * from job where id = ${id}`;
  expect(row).toMatchObject({ name: "test.count", state: "waiting", attempt: 0, input: { to: 3 } });
  const [entry] = await database.sql`select * from pgboss.job where data->>'job' = ${id}`;
  expect(entry).toMatchObject({
    id: row?.entry_id,
    state: "created",
    policy: "singleton",
    singleton_key: "test.count:",
    retry_limit: 20,
    heartbeat_seconds: 10,
    expire_seconds: 86_400,
  });
});

for (const server of [15, 18] as const)
  test(`on ${server}: whoever owns the console's database, and nothing more, can migrate, enqueue and run`, async () => {
    const own = await createDatabase({ template: "empty", server });
    const url = await own.login();
    const { username } = new URL(url);
    await own.sql.unsafe(`alter database ${own.name} owner to ${username}`);
    await migrateConsole(url);
    await migrateConsole(url);
    const console = openConsoleDb(url, { max: 4 });
    const counting = { ...job, run: async () => ({ as: username }) };
    const given = { test: { ...own, url }, console };
    expect(await runJob(given, counting, { to: 1 })).toMatchObject({
      state: "done",
      result: { as: username },
    });
    await console.close();
    await own.drop();
  });
