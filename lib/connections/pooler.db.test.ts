import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createHistory } from "../collector/history/history.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "../collector/sampling/catalogue.ts";
import { writeTotals } from "../collector/sampling/write-totals.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { startPooler } from "../testing/pgbouncer.ts";
import { getPoolerHistory } from "./get-pooler-history.ts";
import { readPooler, tellPools } from "./read-pooler.ts";
import { createPoolerSampler } from "./sample-pooler.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let database: TestDatabase;
let console: TestDatabase;
let audit: AuditDb;
let loginUrl: string;
let pooler: Awaited<ReturnType<typeof startPooler>>;

beforeAll(async () => {
  [database, console] = await Promise.all([
    createDatabase({ template: "empty" }),
    createDatabase({ template: "console" }),
  ]);
  const login = await database.login(["pg_monitor"]);
  loginUrl = login;
  const user = new URL(login).username;
  pooler = await startPooler(database, login, {
    pool_mode: "transaction",
    default_pool_size: "2",
    stats_users: user,
  });
  audit = connect({ target: "pooled", urls: { watch: login }, logger: quiet });
  await createPartitions(console.sql, new Date());
});
afterAll(async () => {
  await audit?.close();
  await pooler?.stop();
  await Promise.all([database?.drop(), console?.drop()]);
});

test("clients that have a server connection and clients that wait for one are counted", async () => {
  const clients = postgres(pooler.url, { max: 3, prepare: false, fetch_types: false });
  const [held, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = database.sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(1)`;
    held.resolve();
    await release.promise;
  });
  await held.promise;
  const began = performance.now();
  const asking = Promise.all(
    [1, 2, 3].map(() => clients.unsafe("select pg_advisory_xact_lock_shared(1)").simple()),
  );
  try {
    await vi.waitFor(async () => {
      const figures = await readPooler(pooler.adminUrl);
      expect(figures).toMatchObject({
        clientsActive: 2,
        clientsWaiting: 1,
        serversActive: 2,
        serversMax: 2,
      });
      expect(figures.maxWaitSeconds).toBeGreaterThan(0);
      expect(figures.maxWaitSeconds).toBeLessThan((performance.now() - began) / 1_000);
    }, 30_000);
  } finally {
    release.resolve();
    await holding;
    await asking;
  }
  const after = await readPooler(pooler.adminUrl);
  expect(after).toMatchObject({ clientsWaiting: 0, maxWaitSeconds: 0, serversActive: 0 });
  expect(after.serversIdle).toBeGreaterThan(0);
  await clients.end();
});

test("each pair of user and database is a pool of its own size, and its limits add up", async () => {
  const second = await database.login();
  const both = await startPooler(
    database,
    loginUrl,
    { pool_mode: "transaction", default_pool_size: "2", stats_users: new URL(loginUrl).username },
    [second],
  );
  const asSecond = Object.assign(new URL(both.url), { username: new URL(second).username }).href;
  const clients = [
    postgres(both.url, { max: 3, prepare: false, fetch_types: false }),
    postgres(asSecond, { max: 1, prepare: false, fetch_types: false }),
  ] as const;
  try {
    const [first, other] = clients;
    const release = Promise.withResolvers<void>();
    const hold = (sql: typeof first) =>
      sql.begin(async (tx) => {
        await tx.unsafe("select 1").simple();
        await release.promise;
      });
    const held = [hold(first), hold(first), hold(first), hold(other)];
    await vi.waitFor(async () => {
      const { pools, ...all } = await readPooler(both.adminUrl);
      const own = { database: database.name };
      expect(pools.sort((a, b) => b.serversActive - a.serversActive)).toMatchObject([
        { ...own, user: new URL(loginUrl).username, serversActive: 2, serversMax: 2, clientsWaiting: 1 },
        { ...own, user: new URL(second).username, serversActive: 1, serversMax: 2, clientsWaiting: 0 },
      ]);
      expect(all).toMatchObject({ serversActive: 3, serversMax: 4, clientsActive: 3, clientsWaiting: 1 });
    }, 30_000);
    release.resolve();
    await Promise.all(held);
  } finally {
    await Promise.all(clients.map((sql) => sql.end({ timeout: 1 })));
    await both.stop();
  }
});

test("a database's limit holds for its pools together, a user's size comes before the database's", () => {
  const pools = ["a", "b"].map((user) => ({ database: "d", user, cl_active: "0", cl_waiting: "0" }));
  const limits = (database: object, users: Record<string, string>[] = []) => {
    const figures = tellPools(pools, [{ name: "d", ...database }], users);
    return [figures.serversMax, figures.pools.map(({ serversMax }) => serversMax)];
  };
  expect(limits({ pool_size: "20", reserve_pool: "5", max_connections: "0" })).toEqual([50, [25, 25]]);
  expect(limits({ pool_size: "20", max_connections: "30" })).toEqual([30, [20, 20]]);
  expect(limits({ pool_size: "20" }, [{ name: "a", pool_size: "3" }])).toEqual([23, [3, 20]]);
  expect(limits({ pool_size: "0" })).toEqual([null, [null, null]]);
});

test("its samples are the lane over time; without one the lane says how to have it", async () => {
  const now = new Date();
  const slot = Math.floor(now.getTime() / 10_000) * 10_000;
  const sampler = createPoolerSampler(() => pooler.adminUrl);
  const { values } = await sampler.sample(audit, { instances: async () => [] });
  const catalogue = createCatalogue(console.sql);
  await writeTotals(console.sql, catalogue, {
    target: "pooled",
    sampler,
    slot,
    at: slot,
    values,
    countsSince: null,
  });
  const context = { audit, history: createHistory(console.sql), now };
  const { data, unavailable } = await getPoolerHistory(context, { range: "15m" }, pooler.adminUrl);
  expect(unavailable).toBeUndefined();
  expect(data.series["pooler.max"]?.findLast(([, value]) => value !== null)?.[1]).toBe(2);

  const unconfigured = createPoolerSampler(() => undefined);
  expect(await unconfigured.sample(audit, { instances: async () => [] })).toEqual({ values: {} });
  const without = await getPoolerHistory(context, { range: "15m" }, undefined);
  expect(without.unavailable).toMatchObject({
    code: "not_configured",
    enable: expect.stringContaining("AUDIT_POOLER_URL"),
  });
});

test("a pooler that is not there, or turns our user away, is an error in time, without the password", async () => {
  await expect(readPooler("postgres://a:secret@127.0.0.1:1/pgbouncer")).rejects.toMatchObject({
    code: "UNAVAILABLE",
  });
  const stranger = new URL(pooler.adminUrl);
  stranger.password = "secret-word";
  const refused = await readPooler(stranger.href).catch((error: Error) => error);
  expect(refused).toMatchObject({ code: "UNAVAILABLE" });
  expect((refused as Error).message).not.toContain("secret-word");
});
