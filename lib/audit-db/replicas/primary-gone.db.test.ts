import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { searchEvents } from "../../events/search-events.ts";
import { type Cluster, startCluster } from "../../testing/cluster.ts";
import { type Standby, signalServer, startStandby } from "../../testing/standby.ts";
import { named } from "../../testing/trio.ts";
import { prepareEvents } from "../append/event.ts";
import { connect } from "../connect.ts";
import { migrateAudit } from "../schema/migrate.ts";
import type { AuditDb } from "../types.ts";
import { formatLsn, parseLsn } from "./lsn.ts";

/** A primary and its only standby, told as one story: the tests stand in the order of what happens to them. */
// Every wait below ends as soon as it may; a busy machine gets its time.
vi.setConfig({ testTimeout: 60_000 });
const drainLagSeconds = 1;
const failoverWaitMs = 1_500;
let primary: Cluster;
let standby: Standby;
let audit: AuditDb;

beforeAll(async () => {
  primary = await startCluster(18);
  await migrateAudit(primary.url);
  standby = await startStandby(primary, { name: "standby" });
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  audit = connect({
    target: "pair",
    urls: { watch: primary.url, read: primary.url, write: primary.url, replicas: [standby.url] },
    logger: silent,
    replicas: { probeIntervalMs: 150, probeTimeoutMs: 500, drainLagSeconds, lsnWaitMs: 200, failoverWaitMs },
  });
  await bothUp();
});

afterAll(async () => {
  await audit?.close();
  signalServer(primary, "SIGCONT");
  await standby?.destroy();
  await primary?.destroy();
});

const stateOf = (server: Cluster) => audit.nodes().find(({ name }) => name === named(server))?.state;
const bothUp = () => vi.waitFor(() => expect([primary, standby].map(stateOf)).toEqual(["up", "up"]), 30_000);
const events = (count: number) =>
  prepareEvents(
    Array.from({ length: count }, () => ({ organizationId: "o", action: "a.b", status: "success" as const })),
  );
const search = () => {
  const now = Date.now();
  return searchEvents(audit, { from: new Date(now - 3_600_000), to: new Date(now + 60_000) });
};

/** Every append of a crowd that is more than the batches under way, and how long each took to be refused. */
async function refusedAppends(): Promise<{ codes: unknown[]; slowestMs: number }> {
  const began = performance.now();
  const calls = Array.from({ length: 60 }, async (_, i) => {
    // Some come later, behind the batches that wait already; one goes by itself.
    await sleep((i % 3) * 100);
    const since = performance.now();
    const options = i === 0 ? { idempotencyKey: crypto.randomUUID() } : {};
    const thrown = await audit.append(events(i === 1 ? 300 : 1), options).then(
      () => "stored",
      (error) => error.code,
    );
    return { thrown, tookMs: performance.now() - since };
  });
  const done = await Promise.all(calls);
  expect(performance.now() - began).toBeGreaterThan(failoverWaitMs - 200);
  return {
    codes: [...new Set(done.map(({ thrown }) => thrown))],
    slowestMs: Math.max(...done.map((d) => d.tookMs)),
  };
}

test("the primary is killed: its only standby has everything, goes on answering, and says how old that is", async () => {
  await audit.append(events(3));
  await standbyHasAll();
  signalServer(primary, "SIGKILL");
  await vi.waitFor(() => expect(stateOf(primary)).toBe("down"), 30_000);
  const until = Date.now() + (drainLagSeconds + 2) * 1_000;
  while (Date.now() < until) {
    expect((await search()).data.events).toHaveLength(3);
    const place = await audit.use("read", "test.place", async (_sql, at) => at, {
      route: "replica",
      maxStalenessMs: 500,
    });
    expect(place).toMatchObject({ node: named(standby), stale: { since: expect.any(Date) } });
    await sleep(50);
  }
  expect(stateOf(standby)).toBe("up");
  const lag = audit.nodes().find(({ name }) => name === named(standby))?.lagSeconds ?? 0;
  expect(lag).toBeGreaterThan(drainLagSeconds);
  const found = await search();
  expect(found).toMatchObject({
    stale: { reason: expect.stringContaining(`${named(primary)} does not answer`) },
  });
  const ageMs = Date.now() - (found.stale?.since.getTime() ?? 0);
  expect(ageMs).toBeGreaterThan(drainLagSeconds * 1_000);
  const read = await audit.read({
    name: "test.read",
    source: "none",
    route: "nearest",
    ttlMs: 0,
    run: async () => 1,
  });
  expect(read).toMatchObject({ data: 1, node: named(standby), stale: { since: expect.any(Date) } });
});

test("a reader of its own write is not given less, however gone the primary is", async () => {
  const sql = postgres(standby.url, { max: 1 });
  const [row] = await sql<{ lsn: string }[]>`select pg_last_wal_replay_lsn()::text as lsn`;
  await sql.end();
  const has = parseLsn(row?.lsn ?? "0/0");
  const read = (lsn: bigint) =>
    audit.use("read", "test.own", async (_sql, { node }) => node, {
      route: "replica",
      afterLsn: formatLsn(lsn),
    });
  expect(await read(has)).toBe(named(standby));
  await expect(read(has + 1n)).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("appends without a primary are refused as unavailable once they have waited their time, all of them", async () => {
  const { codes, slowestMs } = await refusedAppends();
  expect(codes).toEqual(["UNAVAILABLE"]);
  expect(slowestMs).toBeLessThan(2 * failoverWaitMs);
});

test("the primary is back: nothing is said to be old any more", async () => {
  await primary.start();
  await bothUp();
  await vi.waitFor(async () => expect(await search()).not.toHaveProperty("stale"), 30_000);
  expect(await audit.append(events(1))).toMatchObject([{ outcome: "stored" }]);
});

test("the primary hangs with its connections open: appends are refused in time, reads move to the standby", async () => {
  // Connections that are open when it stops, for appends and for reads.
  await audit.append(events(1));
  await standbyHasAll();
  const before = (await search()).data.events.length;
  signalServer(primary, "SIGSTOP");
  // Begun on the server that hangs.
  const begun = audit.use("read", "test.begun", (sql, { node }) => sql`select 1`.then(() => node), {
    route: "nearest",
    repeatable: true,
  });
  const began = performance.now();
  const { codes, slowestMs } = await refusedAppends();
  expect(codes).toEqual(["UNAVAILABLE"]);
  expect(slowestMs).toBeLessThan(2 * failoverWaitMs);
  expect(await begun).toBe(named(standby));
  expect(performance.now() - began).toBeLessThan(3 * failoverWaitMs);
  expect((await search()).data.events).toHaveLength(before);
  signalServer(primary, "SIGCONT");
  await bothUp();
});

test("a standby is promoted while appends wait: they are its first, and none is stored twice", async () => {
  await standbyHasAll();
  signalServer(primary, "SIGKILL");
  await vi.waitFor(() => expect(stateOf(primary)).toBe("down"), 30_000);
  const given = events(40);
  const until = Date.now() + 30_000;
  const stored = Promise.all(
    given.map(async (event) => {
      for (;;) {
        try {
          return (await audit.append([event]))[0]?.outcome;
        } catch (thrown) {
          if (Date.now() > until) throw thrown;
        }
      }
    }),
  );
  await standby.promote();
  expect(new Set(await stored)).toEqual(new Set(["stored"]));
  const sql = postgres(standby.url, { max: 1 });
  const ids = given.map(({ id }) => id as string);
  const [row] = await sql<
    { count: number }[]
  >`select count(*)::int as count from audit_log where id = any(${ids})`;
  await sql.end();
  expect(row?.count).toBe(given.length);
});

async function standbyHasAll(): Promise<void> {
  const [from, to] = [postgres(primary.url, { max: 1 }), postgres(standby.url, { max: 1 })];
  const [written] = await from<{ lsn: string }[]>`select pg_current_wal_insert_lsn()::text as lsn`;
  await vi.waitFor(async () => {
    const [row] = await to<
      { has: boolean }[]
    >`select pg_last_wal_replay_lsn() >= ${written?.lsn ?? ""}::pg_lsn as has`;
    expect(row?.has).toBe(true);
  }, 30_000);
  await Promise.all([from.end(), to.end()]);
}
