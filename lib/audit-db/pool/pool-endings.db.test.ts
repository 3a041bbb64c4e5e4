import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { memoryInUse } from "../../testing/memory-in-use.ts";
import { connect } from "../connect.ts";
import { defaultPoolLimits } from "../limits.ts";
import { createPool, type Pool } from "./pool.ts";
import type { PoolLimits } from "./types.ts";
import { understand } from "./understand.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let database: TestDatabase;
const pools: Pool[] = [];

beforeAll(async () => {
  database = await createDatabase({ template: "audit" });
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  await database.drop();
});

function openPool(applicationName: string, limits: Partial<PoolLimits> = {}): Pool {
  const pool = createPool({
    purpose: "write",
    address: understand(database.url),
    limits: { ...defaultPoolLimits.watch, ...limits },
    applicationName,
  });
  pools.push(pool);
  return pool;
}

const running = async (applicationName: string) =>
  (
    await database.sql`
      select pid from pg_stat_activity where application_name = ${applicationName} and state = 'active'`
  ).length;

function expectInvariants(pool: Pool): void {
  const stats = pool.stats();
  const ended = stats.ok + stats.failed + stats.timedOut + stats.aborted + stats.rejected;
  expect(stats.total).toBe(stats.active + stats.idle + stats.connecting);
  expect(stats.acquired).toBe(stats.released + stats.active + stats.connecting);
  expect(stats.requests).toBeGreaterThanOrEqual(ended);
  expect(stats.requests - ended).toBeGreaterThanOrEqual(stats.waiting + stats.active + stats.connecting);
  expect(stats.waiting).toBeLessThanOrEqual(stats.queueLimit);
  expect(stats.total).toBeLessThanOrEqual(stats.max);
}

describe("a caller that goes away", () => {
  test("while its statement runs: the server stops it, and the next caller is served", async () => {
    const pool = openPool("pool-abort", { max: 1 });
    const abort = new AbortController();
    const work = pool.use("test.long", (sql) => sql`select pg_sleep(60)`, { signal: abort.signal });
    await expect.poll(() => running("pool-abort")).toBe(1);
    abort.abort(new Error("left"));
    await expect(work).rejects.toThrow("left");
    await expect.poll(() => running("pool-abort"), { timeout: 30_000 }).toBe(0);
    expect(await pool.use("test.next", (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
    expect(pool.stats()).toMatchObject({ requests: 2, aborted: 1, ok: 1, failed: 0, active: 0 });
  });

  test("before its turn: nothing is sent", async () => {
    const pool = openPool("pool-gone", { max: 1 });
    await expect(
      pool.use("test.never", (sql) => sql`select 1`, { signal: AbortSignal.abort(new Error("gone")) }),
    ).rejects.toThrow("gone");
    expect(pool.stats()).toMatchObject({ requests: 1, aborted: 1, acquired: 0, total: 0 });
  });
});

test("a lease past its deadline stops on the server too", async () => {
  const pool = openPool("pool-deadline", { max: 1 });
  await expect(
    pool.use("test.hang", (sql) => sql`select pg_sleep(60)`, { timeoutMs: 200 }),
  ).rejects.toMatchObject({ code: "TIMEOUT" });
  await expect.poll(() => running("pool-deadline"), { timeout: 30_000 }).toBe(0);
  expect(pool.stats()).toMatchObject({ timedOut: 1, failed: 0 });
});

test("reports that take every read connection leave writes alone", async () => {
  const audit = connect({
    target: "classes",
    urls: { watch: database.url, read: database.url, write: database.url },
    pools: { read: { max: 2 } },
    logger: silent,
  });
  const abort = new AbortController();
  const reports = Array.from({ length: 10 }, () =>
    audit
      .use("read", "test.report", (sql) => sql`select pg_sleep(60)`, { signal: abort.signal })
      .catch(() => "cut"),
  );
  await expect
    .poll(() => audit.stats().pools.find(({ purpose }) => purpose === "read"))
    .toMatchObject({ active: 2, waiting: 8 });
  const writes = await Promise.all(
    Array.from({ length: 20 }, () => audit.use("write", "test.write", (sql) => sql`select 1 as one`)),
  );
  expect(writes).toHaveLength(20);
  abort.abort();
  expect(await Promise.all(reports)).toEqual(reports.map(() => "cut"));
  await audit.close();
});

test("whatever callers do, each request ends once and the sums hold, in agreement with the server", async () => {
  const step = fc.record({
    what: fc.constantFrom("quick", "slow", "error", "throw", "kill"),
    afterMs: fc.nat(60),
    abortMs: fc.option(fc.nat(40), { nil: undefined }),
    timeoutMs: fc.option(fc.integer({ min: 5, max: 80 }), { nil: undefined }),
  });
  let round = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, max) => {
        const name = `pool-random-${round++}`;
        const pool = openPool(name, { max, queueLimit: 8, acquireTimeoutMs: 50 });
        const watcher = setInterval(() => expectInvariants(pool), 3);
        const outcomes = await Promise.all(
          steps.map(async ({ what, afterMs, abortMs, timeoutMs }) => {
            await new Promise((resolve) => setTimeout(resolve, afterMs));
            const signal = abortMs === undefined ? undefined : AbortSignal.timeout(abortMs);
            return pool
              .use(
                "test.step",
                async (sql) => {
                  if (what === "throw") throw new Error("changed my mind");
                  if (what === "error") await sql`select 1/0`;
                  else if (what === "kill") await sql`select pg_terminate_backend(pg_backend_pid())`;
                  else await sql`select pg_sleep(${what === "slow" ? 0.05 : 0})`;
                },
                { ...(signal && { signal }), ...(timeoutMs && { timeoutMs }) },
              )
              .then(
                () => "ok",
                () => "not",
              );
          }),
        );
        clearInterval(watcher);
        const stats = pool.stats();
        expectInvariants(pool);
        expect(stats).toMatchObject({ requests: steps.length, active: 0, connecting: 0, waiting: 0 });
        expect(stats.ok + stats.failed + stats.timedOut + stats.aborted + stats.rejected).toBe(steps.length);
        expect(stats.ok).toBe(outcomes.filter((outcome) => outcome === "ok").length);
        // What was cut off takes the server a moment to notice.
        await expect
          .poll(
            async () =>
              (await database.sql`select from pg_stat_activity where application_name = ${name}`).length,
            { timeout: 30_000 },
          )
          .toBe(stats.idle);
        await pool.close();
      },
    ),
    { numRuns: 12 },
  );
});

test("a session lost within a transaction is an error, not a COMMIT at nothing, and nothing is written", async () => {
  const pool = openPool("pool-transaction", { max: 1 });
  await database.sql`create table if not exists written (n int)`;
  const work = pool.use("test.transaction", (sql) =>
    sql.begin(async () => {
      await sql`insert into public.written values (1)`;
      await database.sql`
        select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pool-transaction'`;
      // Long enough for the driver to see it and be ready to connect anew.
      await sleep(300);
    }),
  );
  await expect(work).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
  expect(await database.sql`select from written`).toHaveLength(0);
  expect(await pool.use("test.after", (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
});

test("a million leases leave memory as the first thousands left it", async () => {
  const pool = openPool("pool-million", { max: 4 });
  const lease = () => pool.use("test.lease", async () => 1);
  const many = async (count: number) => {
    for (let i = 0; i < count; i += 4) await Promise.all([lease(), lease(), lease(), lease()]);
  };
  await many(20_000);
  const before = memoryInUse().heap;
  await many(1_000_000);
  expect(memoryInUse().heap - before).toBeLessThan(2_000_000);
  expect(pool.stats()).toMatchObject({ acquired: 1_020_000, released: 1_020_000, ok: 1_020_000, active: 0 });
});

test("opened and closed two hundred times, an engine leaves no handle and no heap behind", async () => {
  // Whatever kind: sockets, timers, immediates, file and thread-pool requests.
  const handles = () => process.getActiveResourcesInfo().length;
  const cycle = async () => {
    const audit = connect({
      target: "leak",
      urls: { watch: database.url, read: database.url, write: database.url },
      logger: silent,
    });
    const off = audit.onStatus(() => {});
    await Promise.all([
      audit.read({ name: "test.read", source: "test", run: (sql) => sql`select 1` }),
      audit.use("write", "test.write", (sql) => sql`select 1`),
      audit.append([{ organizationId: "org-1", action: "record.viewed", status: "success" }]),
      audit.use("read", "test.cut", (sql) => sql`select pg_sleep(5)`, { timeoutMs: 5 }).catch(() => {}),
    ]);
    off();
    await audit.close();
  };
  for (let i = 0; i < 20; i++) await cycle();
  await Promise.all(pools.map((pool) => pool.close()));
  const [handlesBefore, heapBefore] = [handles(), memoryInUse().heap];
  for (let i = 0; i < 200; i++) await cycle();
  // The runner has a few of its own that come and go.
  await expect.poll(handles).toBeLessThanOrEqual(handlesBefore + 5);
  // Compiled code and the driver's caches move by a megabyte or two; 200 engines kept would be tens.
  expect(memoryInUse().heap - heapBefore).toBeLessThan(6_000_000);
});
