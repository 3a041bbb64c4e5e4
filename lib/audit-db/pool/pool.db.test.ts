import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "../../errors.ts";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { defaultPoolLimits } from "../limits.ts";
import { isConnectionError } from "./driver-error.ts";
import { createPool, type Pool } from "./pool.ts";
import type { PoolLimits } from "./types.ts";
import { understand } from "./understand.ts";

let database: TestDatabase;
const pools: Pool[] = [];

beforeAll(async () => {
  database = await createDatabase({ template: "empty" });
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  await database.drop();
});

function openPool(limits: Partial<PoolLimits> = {}, purpose: "watch" | "write" = "write"): Pool {
  const pool = createPool({
    purpose,
    address: understand(database.url),
    limits: { ...defaultPoolLimits.watch, ...limits },
    applicationName: "pool-test",
  });
  pools.push(pool);
  return pool;
}

function expectInvariants(pool: Pool): void {
  const stats = pool.stats();
  expect(stats.total).toBe(stats.active + stats.idle + stats.connecting);
  expect(stats.acquired).toBe(stats.released + stats.active + stats.connecting);
  expect(stats.waiting).toBeLessThanOrEqual(stats.queueLimit);
  expect(stats.total).toBeLessThanOrEqual(stats.max);
}

test("never opens more connections than max, agreeing with pg_stat_activity", async () => {
  const pool = openPool({ max: 2 });
  const work = Array.from({ length: 10 }, () => pool.use("test.sleep", (sql) => sql`select pg_sleep(0.05)`));
  await pool.use("test.first", (sql) => sql`select 1`);
  expectInvariants(pool);
  const [row] =
    await database.sql`select count(*)::int as n from pg_stat_activity where application_name = 'pool-test' and datname = current_database()`;
  expect(row?.n).toBe(pool.stats().total);
  await Promise.all(work);
  expectInvariants(pool);
  expect(pool.stats()).toMatchObject({ active: 0, waiting: 0, acquired: 11, released: 11, total: 2 });
});

test("refuses at once when the queue is full and gives up after the acquire timeout", async () => {
  const pool = openPool({ max: 1, queueLimit: 1, acquireTimeoutMs: 100 });
  const holding = pool.use("test.hold", (sql) => sql`select pg_sleep(0.4)`);
  const waiting = pool.use("test.wait", (sql) => sql`select 1`);
  waiting.catch(() => {});
  await expect(pool.use("test.refused", (sql) => sql`select 1`)).rejects.toMatchObject({
    code: "OVERLOADED",
    retryAfterSeconds: 1,
  });
  await expect(waiting).rejects.toMatchObject({ code: "TIMEOUT" });
  await holding;
  expect(pool.stats()).toMatchObject({ rejected: 1, timedOut: 1, waiting: 0, active: 0 });
});

test("who waits longest goes first, whoever comes at the moment a connection is given back", async () => {
  const pool = openPool({ max: 1 });
  const order: string[] = [];
  const ask = (who: string) => pool.use("test.order", async () => void order.push(who));
  const ending = Promise.withResolvers<void>();
  const first = pool.use("test.order", async (sql) => {
    await sql`select 1`;
    order.push("first");
    ending.resolve();
  });
  const waiting = [ask("second"), ask("third")];
  // One in each microtask around the moment in which the first gives its connection back.
  const lates: string[] = [];
  const arrivals: Promise<void>[] = [];
  await ending.promise;
  for (let i = 0; i < 40; i++) {
    await undefined;
    lates.push(`late ${i}`);
    arrivals.push(ask(`late ${i}`));
  }
  await Promise.all([first, ...waiting, ...arrivals]);
  expect(order).toEqual(["first", "second", "third", ...lates]);
});

test("an aborted caller leaves the queue and takes no connection", async () => {
  const pool = openPool({ max: 1 });
  const holding = pool.use("test.hold", (sql) => sql`select pg_sleep(0.2)`);
  const abort = new AbortController();
  const waiting = pool.use("test.wait", (sql) => sql`select 1`, { signal: abort.signal });
  abort.abort(new Error("left"));
  await expect(waiting).rejects.toThrow("left");
  expect(pool.stats().waiting).toBe(0);
  await holding;
  expectInvariants(pool);
});

test("a statement over its timeout is TIMEOUT and the connection serves on", async () => {
  const pool = openPool({ max: 1, statementTimeoutMs: 100 });
  await expect(pool.use("test.slow", (sql) => sql`select pg_sleep(5)`)).rejects.toMatchObject({
    code: "TIMEOUT",
  });
  expect(await pool.use("test.after", (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
});

test("a lease past its deadline is ended and replaced", async () => {
  const pool = openPool({ max: 1 });
  await expect(pool.use("test.hang", (sql) => sql`select pg_sleep(30)`, { timeoutMs: 150 })).rejects.toThrow(
    AppError,
  );
  expect(await pool.use("test.after", (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
  expectInvariants(pool);
});

test("a connection killed by the server is replaced by the next request", async () => {
  const pool = openPool({ max: 1 });
  const [row] = await pool.use("test.pid", (sql) => sql`select pg_backend_pid() as pid`);
  const running = pool.use("test.victim", (sql) => sql`select pg_sleep(10)`);
  const failed = expect(running).rejects.toSatisfy(isConnectionError);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await database.sql`select pg_terminate_backend(${row?.pid})`;
  await failed;
  const [next] = await pool.use("test.pid", (sql) => sql`select pg_backend_pid() as pid`);
  expect(next?.pid).not.toBe(row?.pid);
});

test("a server that ends the session inside a transaction costs that transaction and nothing else", async () => {
  const pool = openPool({ max: 1 });
  const lost = pool.use("test.lost", (sql) =>
    sql.begin(async (tx) => {
      await tx`select 1`;
      await tx`select pg_terminate_backend(pg_backend_pid())`;
      await tx`select 2`;
    }),
  );
  await expect(lost).rejects.toSatisfy(isConnectionError);
  const undone = pool.use("test.undone", (sql) =>
    sql.begin(async (tx) => {
      await tx`create temporary table kept (n int)`;
      throw new Error("changed my mind");
    }),
  );
  await expect(undone).rejects.toThrow("changed my mind");
  const [row] = await pool.use("test.after", (sql) => sql`select to_regclass('pg_temp.kept') as kept`);
  expect(row?.kept).toBeNull();
});

test("statements carry their question's name, in transactions too, and watch sessions are read-only", async () => {
  const pool = openPool({ max: 1 }, "watch");
  const seen = await pool.use(
    "topic.verb",
    (sql) => sql`select query from pg_stat_activity where pid = pg_backend_pid()`,
  );
  expect(seen[0]?.query).toMatch(/^select \/\* dashboard:topic\.verb \*\/ query/);
  const inside = await pool.use("topic.begin", (sql) =>
    sql.begin((tx) => tx`select query from pg_stat_activity where pid = pg_backend_pid()`),
  );
  expect(inside[0]?.query).toMatch(/^select \/\* dashboard:topic\.begin \*\//);
  await expect(pool.use("topic.write", (sql) => sql`create table forbidden ()`)).rejects.toMatchObject({
    code: "25006",
  });
});

test("random load keeps the invariants at every moment", async () => {
  const pool = openPool({ max: 3, queueLimit: 20, acquireTimeoutMs: 60 });
  const outcomes = { ok: 0, refused: 0 };
  const watcher = setInterval(() => expectInvariants(pool), 3);
  await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      await new Promise((resolve) => setTimeout(resolve, (i * 37) % 300));
      await pool
        .use("test.load", (sql) => (i % 5 === 0 ? sql`select 1/0` : sql`select pg_sleep(${(i % 7) / 500})`))
        .then(
          () => outcomes.ok++,
          () => outcomes.refused++,
        );
    }),
  );
  clearInterval(watcher);
  const stats = pool.stats();
  expectInvariants(pool);
  expect(outcomes.ok + outcomes.refused).toBe(200);
  expect(stats.acquired + stats.rejected + stats.timedOut).toBe(200);
  expect(stats.failed).toBe(outcomes.refused - stats.rejected - stats.timedOut);
});
