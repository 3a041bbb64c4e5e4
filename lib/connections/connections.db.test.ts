import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { findingsOf } from "../testing/look.ts";
import { connectionsChecks } from "./checks.ts";
import { getBlockers } from "./get-blockers.ts";
import { getIdleInTransaction } from "./get-idle-in-transaction.ts";
import { getLongestTransactions } from "./get-longest-transactions.ts";
import { getServerConnections } from "./get-server-connections.ts";
import { getWaitEvents } from "./get-wait-events.ts";
import { connectionSampler } from "./sample-connections.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
/** What is judged by the server as it is now; the others go by collected samples. */
const liveChecks = connectionsChecks.filter(
  ({ id }) => !["connections.lock_waits", "connections.pool_waiting"].includes(id),
);
const low = {
  "connections.idle_in_transaction": { warning: 0.01, critical: 600 },
  "connections.long_query": { warning: 0.01, critical: 600 },
  "connections.blockers": { warning: 0.01, critical: 600 },
};
const noInstances = { instances: async () => [] };

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let monitor: AuditDb;
  let plain: AuditDb;
  let monitorRole: string;
  const clients: Sql[] = [];
  const pending: Promise<unknown>[] = [];

  /** A session of its own that runs `statements`, then starts `last` and waits for nobody; answers its pid. */
  async function session(application: string, statements: string[], last?: string): Promise<number> {
    const sql = postgres(database.url, {
      max: 1,
      onnotice: () => {},
      connection: { application_name: application },
    });
    clients.push(sql);
    const held = await sql.reserve();
    const [self] = await held<{ pid: number }[]>`select pg_backend_pid() as pid`;
    for (const statement of statements) await held.unsafe(statement).catch(() => {});
    if (last) pending.push(held.unsafe(last).catch(() => {}));
    return self?.pid ?? 0;
  }

  async function until(condition: () => Promise<boolean>) {
    for (let tries = 0; tries < 100; tries += 1) {
      if (await condition()) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("the situation did not come about");
  }

  const pids: Record<string, number> = {};

  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
    const monitorUrl = await database.login(["pg_monitor"]);
    monitorRole = new URL(monitorUrl).username;
    const plainUrl = await database.login();
    monitor = connect({ target: "audit", urls: { watch: monitorUrl }, logger: silent });
    plain = connect({ target: "audit", urls: { watch: plainUrl }, logger: silent });
    await database.sql`create table ledger (id int primary key, amount int)`;
    await database.sql`insert into ledger values (1, 1)`;
    pids.holder = await session("holder", ["begin", "update ledger set amount = 2 where id = 1"]);
    pids.second = await session("second", ["begin"], "update ledger set amount = 3 where id = 1");
    await until(async () => {
      const [row] =
        await database.sql`select 1 from pg_locks where pid = ${pids.second ?? 0} and not granted`;
      return row !== undefined;
    });
    pids.third = await session(
      "third",
      [],
      "update ledger set amount = 4 where id = 1 /* password 'hunter2' */",
    );
    pids.aborted = await session("broken", ["begin", "select 1 / 0"]);
    pids.sleeper = await session("sleeper", [], "select pg_sleep(60)");
    pids.resting = await session("resting", ["select 1"]);
    await until(async () => {
      const [row] = await database.sql<{ n: number }[]>`
        select count(*)::int as n from pg_stat_activity
        where datname = current_database() and (wait_event_type = 'Lock' or wait_event = 'PgSleep')`;
      return row?.n === 3;
    });
  });

  afterAll(async () => {
    await Promise.all([monitor.close(), plain.close()]);
    await database.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
    await Promise.all(pending);
    await Promise.all(clients.map((sql) => sql.end({ timeout: 1 })));
    await database.drop();
  });

  test("counts connections by state, application and database as a direct query does", async () => {
    const { data, source } = await getServerConnections(monitor, { hideOwn: true });
    const direct = await database.sql<{ application: string; state: string; n: number }[]>`
      select application_name as application, state, count(*)::int as n from pg_stat_activity
      where datname = current_database() and usename <> ${monitorRole} group by 1, 2`;
    expect(source).toBe("pg_stat_activity");
    expect(data.hidden).toBeNull();
    const here = data.byDatabase.find((group) => group.name === database.name);
    expect(here?.count).toBe(direct.reduce((sum, row) => sum + row.n, 0));
    expect(here?.idleInTransaction).toBe(direct.find((row) => row.state === "idle in transaction")?.n);
    for (const name of ["holder", "second", "third", "broken", "sleeper", "resting"]) {
      expect(data.byApplication.find((group) => group.name === name)?.count).toBeGreaterThan(0);
    }
    const states = data.states;
    expect(states?.idleInTransaction).toBeGreaterThanOrEqual(1);
    expect(states?.idleInTransactionAborted).toBeGreaterThanOrEqual(1);
    expect(Object.values(states ?? {}).reduce((a, b) => a + b, 0)).toBe(data.total);
    expect(data.waitingForLock).toBeGreaterThanOrEqual(2);
    expect(data.waiting).toBeGreaterThanOrEqual(3);
    expect(data.byBackendType?.some((group) => group.name === "checkpointer")).toBe(true);
  });

  test("sessions of its other roles are its own, too, and nobody else's", async () => {
    const applicationName = `two-roles-${server}`;
    const [watch, write, stranger] = [
      await database.login(["pg_monitor"]),
      await database.login(),
      await database.login(),
    ];
    const audit = connect({ target: "audit", urls: { watch, write }, logger: silent, applicationName });
    const other = postgres(stranger, { max: 1, connection: { application_name: applicationName } });
    try {
      await other`select 1`;
      const shown = await audit.use("write", "test.hold", async (sql) => {
        await sql`select 1`;
        return getServerConnections(audit, { hideOwn: true });
      });
      const group = shown.data.byApplication.find(({ name }) => name === applicationName);
      expect(group?.count).toBe(1);
      const users = shown.data.byUser.map(({ name }) => name);
      expect(users).not.toContain(new URL(write).username);
      expect(users).toContain(new URL(stranger).username);
    } finally {
      await other.end();
      await audit.close();
    }
  });

  test("knows the limits and its own sessions", async () => {
    const shown = await getServerConnections(monitor, { hideOwn: false });
    const hidden = await getServerConnections(monitor, { hideOwn: true });
    const [settings] = await database.sql<{ max: number; reserved: number }[]>`
      select current_setting('max_connections')::int as max,
             (select sum(setting::int)::int from pg_settings
              where name in ('superuser_reserved_connections', 'reserved_connections')) as reserved`;
    const { limits } = shown.data;
    expect(limits.maxConnections).toBe(settings?.max);
    expect(limits.usable).toBe((settings?.max ?? 0) - (settings?.reserved ?? 0));
    expect(limits.reserved === null).toBe(server < 16);
    expect(limits.usedShare).toBeCloseTo(limits.used / limits.usable);
    expect(shown.data.own).toBeGreaterThanOrEqual(1);
    const ours = (groups: { name: string | null; count: number }[]) =>
      groups.find((group) => group.name === monitorRole);
    expect(ours(shown.data.byUser)?.count).toBe(shown.data.own);
    expect(ours(hidden.data.byUser)).toBeUndefined();
  });

  test("another role that borrows our application name stays visible", async () => {
    const pid = await session("audit-db-dashboard", ["begin", "select 1"]);
    const { data } = await getIdleInTransaction(monitor, { hideOwn: true, limit: 499 });
    expect(pid).toBeGreaterThan(0);
    expect(data.some((row) => row.application === "audit-db-dashboard" && !row.own)).toBe(true);
  });

  test("lists idle transactions, the aborted one too", async () => {
    const { data } = await getIdleInTransaction(monitor, { hideOwn: true, limit: 500 });
    const here = data.filter((row) => row.database === database.name);
    expect(here.map((row) => row.application)).toEqual(expect.arrayContaining(["holder", "broken"]));
    const broken = here.find((row) => row.pid === pids.aborted);
    expect(broken).toMatchObject({ state: "idle in transaction (aborted)", query: "select 1 / 0" });
    expect(broken?.stateSeconds).toBeGreaterThan(0);
  });

  test("lists the longest transactions first, with secrets left out", async () => {
    const { data } = await getLongestTransactions(monitor, { hideOwn: true, limit: 500 });
    const here = data.filter((row) => row.database === database.name);
    const order = here.map((row) => row.application);
    expect(order.indexOf("holder")).toBeLessThan(order.indexOf("second"));
    expect(order.indexOf("second")).toBeLessThan(order.indexOf("sleeper"));
    const third = here.find((row) => row.pid === pids.third);
    expect(third).toMatchObject({ waitEventType: "Lock", state: "active" });
    expect(third?.query).toContain("password '…'");
    expect(JSON.stringify(data)).not.toContain("hunter2");
  });

  test("counts wait events", async () => {
    const { data } = await getWaitEvents(monitor, { hideOwn: true });
    const sleeping = data.find((row) => row.event === "PgSleep");
    expect(sleeping?.type).toBe("Timeout");
    expect(sleeping?.active).toBeGreaterThanOrEqual(1);
    expect(
      data.filter((row) => row.type === "Lock").reduce((sum, row) => sum + row.count, 0),
    ).toBeGreaterThanOrEqual(2);
  });

  test("shows who waits for whom, from the root on", async () => {
    const { data } = await getBlockers(monitor);
    const root = data.roots.find((node) => node.pid === pids.holder);
    expect(root).toMatchObject({ waitsFor: null, blockedCount: 2, inCycle: false });
    expect(root?.session?.application).toBe("holder");
    expect(root?.holds).toEqual([
      {
        ...{ lockType: "transactionid", mode: "ExclusiveLock", granted: true, relation: "public.ledger" },
        ...{ gid: null, words: "a row of public.ledger until its transaction ends" },
      },
    ]);
    const [second] = root?.waiters ?? [];
    expect(second?.pid).toBe(pids.second);
    expect(second?.waitsFor).toMatchObject({ lockType: "transactionid", relation: "public.ledger" });
    expect(second?.waitsFor?.waitSeconds).toBeGreaterThan(0);
    expect(second?.waiters.map((node) => node.pid)).toEqual([pids.third]);
    const third = second?.waiters[0];
    const [direct] = await database.sql<{ blockedBy: number[] }[]>`
      select pg_blocking_pids(${pids.third ?? 0}) as "blockedBy"`;
    expect(third?.blockedBy.toSorted()).toEqual(direct?.blockedBy.toSorted());
    expect(third?.waitsFor).toMatchObject({ lockType: "tuple", relation: "public.ledger" });
  });

  test("finds the lock chain, the idle transactions and the long query, in words", async () => {
    const findings = await findingsOf(liveChecks, { audit: monitor, limits: low });
    const titled = (check: string) => findings.filter((f) => f.check === check).map((f) => f.title);
    expect(titled("connections.blockers")).toContainEqual(
      expect.stringMatching(
        new RegExp(
          `^2 connections have waited up to \\d+ s for a row of public\\.ledger held by pid ${pids.holder} \\(holder\\)\\.$`,
        ),
      ),
    );
    expect(titled("connections.idle_in_transaction")[0]).toMatch(
      /^\d+ sessions have been idle in a transaction for over 0 s, pid \d+ /,
    );
    expect(titled("connections.long_query")[0]).toMatch(
      /^\d+ queries have run for over 0 s, that of pid \d+ /,
    );
    expect(findings.every((f) => f.severity === "warning" && f.path === "connections")).toBe(true);
    expect(await findingsOf(liveChecks, { audit: monitor })).toEqual([]);
  });

  test("without pg_monitor says what is hidden and what to grant, and still counts", async () => {
    const { data } = await getServerConnections(plain, { hideOwn: true });
    expect(data.states).toBeNull();
    expect(data.waiting).toBeNull();
    expect(data.byClient).toBeNull();
    expect(data.hidden).toMatchObject({ code: "no_grant" });
    expect(data.hidden?.enable).toMatch(/^GRANT pg_monitor TO \S+;$/);
    expect(data.byApplication.find((group) => group.name === "holder")).toEqual({
      name: "holder",
      count: 1,
      active: null,
      idle: null,
      idleInTransaction: null,
    });
    for (const read of [
      getWaitEvents(plain, { hideOwn: true }),
      getLongestTransactions(plain, { hideOwn: true, limit: 10 }),
      getIdleInTransaction(plain, { hideOwn: true, limit: 10 }),
    ]) {
      const observed = await read;
      expect(observed.data).toEqual([]);
      expect(observed.unavailable?.code).toBe("no_grant");
    }
    const blockers = await getBlockers(plain);
    expect(blockers.data.roots.find((node) => node.pid === pids.holder)?.blockedCount).toBe(2);
    expect(blockers.data.roots[0]?.session?.query).toBeNull();
    expect(blockers.data.hidden?.code).toBe("no_grant");
    const findings = await findingsOf(liveChecks, { audit: plain });
    expect(findings.map((f) => [f.check, f.severity, f.unavailable?.code])).toEqual([
      ["connections.idle_in_transaction", "notice", "no_grant"],
      ["connections.long_query", "notice", "no_grant"],
    ]);
  });

  test("the enabling SQL enables it", async () => {
    const { data } = await getServerConnections(plain, { hideOwn: false });
    const enable = data.hidden?.enable ?? expect.fail("nothing to enable");
    await database.sql.unsafe(enable);
    try {
      // An answer is kept for a second.
      await vi.waitFor(async () => {
        const again = await getServerConnections(plain, { hideOwn: false });
        expect(again.data.hidden).toBeNull();
        expect(again.data.states?.active).toBeGreaterThan(0);
      }, 30_000);
    } finally {
      await database.sql.unsafe(enable.replace("GRANT", "REVOKE").replace(" TO ", " FROM "));
    }
  });

  test("samples what the direct query counts", async () => {
    const { values } = await connectionSampler.sample(monitor, noInstances);
    const [direct] = await database.sql<{ total: number; aborted: number; max: number }[]>`
      select count(*)::int as total,
             count(*) filter (where state = 'idle in transaction (aborted)')::int as aborted,
             current_setting('max_connections')::int as max
      from pg_stat_activity where backend_type = 'client backend'`;
    expect(Math.abs((values["connections.total"] ?? 0) - (direct?.total ?? 0))).toBeLessThanOrEqual(5);
    expect(values["connections.idleInTransactionAborted"]).toBe(direct?.aborted);
    expect(values["connections.max"]).toBe(direct?.max);
    expect(values["connections.blocked"]).toBeGreaterThanOrEqual(2);
    expect(values["connections.longestTransactionSeconds"]).toBeGreaterThan(0.5);
    const limited = await connectionSampler.sample(plain, noInstances);
    expect(Object.keys(limited.values).sort()).toEqual(["connections.max", "connections.total"]);
  });

  test("once those sessions have ended nothing is found any more", async () => {
    await database.sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and usename = current_user and pid <> pg_backend_pid()`;
    await Promise.all(pending);
    await vi.waitFor(async () => {
      await monitor.dropAnswers({ tags: ["*"] });
      expect(await findingsOf(liveChecks, { audit: monitor, limits: low })).toEqual([]);
    }, 20_000);
  });
});
