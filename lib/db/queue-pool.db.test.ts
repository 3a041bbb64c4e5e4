import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { openQueuePool, type QueuePool } from "./queue-pool.ts";

let database: TestDatabase;
const pools: QueuePool[] = [];

beforeAll(async () => {
  database = await createDatabase({ template: "console" });
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  await database.drop();
});

function open(url: string): QueuePool {
  const pool = openQueuePool(url, database.sql);
  pools.push(pool);
  return pool;
}
const settings = `select current_setting('DateStyle') as dates, current_setting('search_path') as path,
  current_setting('default_transaction_read_only') as read_only, current_setting('work_mem') as work_mem,
  current_setting('application_name') as name, current_user as who`;

test("its sessions have our settings, whatever the role, the database or the URL says", async () => {
  const role = new URL(await database.login());
  for (const setting of [
    "datestyle = 'German'",
    "search_path = pg_temp",
    "default_transaction_read_only = on",
  ])
    await database.sql.unsafe(`alter role ${role.username} set ${setting}`);
  role.search = "?options=-c%20datestyle%3DSQL%20-c%20work_mem%3D9MB&application_name=somebody%20else";
  expect((await open(role.href).executeSql(settings)).rows).toEqual([
    {
      dates: "ISO, YMD",
      path: '"$user", public',
      read_only: "off",
      work_mem: "9MB",
      name: "audit-db-dashboard queue",
      who: role.username,
    },
  ]);
});

test("of several hosts it takes the first that answers", async () => {
  const { host } = new URL(database.url);
  const pool = open(database.url.replace(host, `127.0.0.1:1,${host}`));
  const [one, two] = await Promise.all([1, 2].map((n) => pool.executeSql("select $1::int as n", [n])));
  expect([one?.rows, two?.rows]).toEqual([[{ n: 1 }], [{ n: 2 }]]);
});

test("a server without TLS is spoken to plainly where the URL only prefers it, and refused where it asks for it", async () => {
  expect((await open(`${database.url}?sslmode=prefer`).executeSql("select 1 as n")).rows).toEqual([{ n: 1 }]);
  await expect(open(`${database.url}?sslmode=require`).executeSql("select 1")).rejects.toThrow(
    "the server offers no TLS, which sslmode=require demands",
  );
});

test("a session that is ended fails its statement alone, with a code, whether it worked or waited", async () => {
  const pool = open(database.url);
  const pid = async () => (await pool.executeSql("select pg_backend_pid() as pid")).rows[0].pid;
  await database.sql`select pg_terminate_backend(${await pid()}, 5000)`;
  expect(await pid()).toBeGreaterThan(0);
  const ended = pool.executeSql("select pg_terminate_backend(pg_backend_pid()), pg_sleep(10)");
  await expect(ended).rejects.toMatchObject({ code: expect.any(String) });
  expect(await pid()).toBeGreaterThan(0);
});
