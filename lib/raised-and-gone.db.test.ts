import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { append } from "./audit-db/append/append.ts";
import { connect } from "./audit-db/connect.ts";
import { migrateAudit } from "./audit-db/schema/migrate.ts";
import type { AuditDb } from "./audit-db/types.ts";
import { checkpointAge } from "./buffers/check-checkpoint-age.ts";
import type { Check, CheckState } from "./check.ts";
import { createHistory } from "./collector/history/history.ts";
import { createPartitions } from "./collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "./collector/sampling/catalogue.ts";
import { createCostMeter } from "./collector/sampling/cost-sampler.ts";
import { createSamplerRun } from "./collector/sampling/run-sampler.ts";
import type { History, InstanceReport, Sampler } from "./collector/types.ts";
import { lockTable } from "./connections/check-lock-table.ts";
import { lockWaits } from "./connections/check-lock-waits.ts";
import { poolWaiting } from "./connections/check-pool-waiting.ts";
import { connectionSampler } from "./connections/sample-connections.ts";
import { poolSampler } from "./connections/sample-pools.ts";
import { personalData } from "./events/check-personal-data.ts";
import { horizonHeld } from "./maintenance/check-horizon.ts";
import { deadRows, staleStatistics } from "./maintenance/check-table-upkeep.ts";
import { retentionOverdue } from "./partitions/check-retention.ts";
import { rowsChanged } from "./partitions/check-rows-changed.ts";
import { type Cluster, startCluster } from "./testing/cluster.ts";
import { createDatabase, type TestDatabase } from "./testing/database.ts";
import { type Judging, judge, stateOf } from "./testing/judge.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const event = { organizationId: "o", action: "record.viewed", status: "success" } as const;
const minutes = (count: number) => new Date(Date.now() + count * 60_000);

/** Each condition made for real, seen, mended and seen to be over, on one server of each version. */
describe.each([15, 18] as const)("PostgreSQL %i", (version) => {
  let server: Cluster;
  let console: TestDatabase;
  let sql: Sql;
  let audit: AuditDb;
  let history: History;

  beforeAll(async () => {
    [server, console] = await Promise.all([
      startCluster(version, { max_connections: "30", autovacuum: "off", checkpoint_timeout: "30s" }),
      createDatabase({ template: "console" }),
    ]);
    const admin = postgres(server.url, { max: 1, onnotice: () => {} });
    await admin`create database audit`;
    await admin.end();
    const owner = server.url.replace(/postgres$/, "audit");
    await migrateAudit(owner);
    sql = postgres(owner, { max: 1, onnotice: () => {} });
    await sql.unsafe(`
      create role watcher login password 'test' in role pg_monitor, audit_reader;
      create role writer login password 'test' in role audit_writer`);
    const urlOf = (role: string) => owner.replace("postgres:test@", `${role}:test@`);
    audit = connect({ target: "audit", urls: { watch: urlOf("watcher"), write: urlOf("writer") }, logger });
    history = createHistory(console.sql);
    await createPartitions(console.sql, new Date());
  });
  afterAll(async () => {
    await audit?.close();
    await sql?.end({ timeout: 1 });
    await Promise.all([server?.destroy(), console?.drop()]);
  });

  /** The worst state a check gives an object of this name, or any. */
  async function stateNow(
    check: Check,
    judging: Judging = {},
    name?: string,
  ): Promise<CheckState | undefined> {
    const answer = await judge(check, audit, judging);
    if (name !== undefined) return stateOf(answer, name)?.state;
    return answer.objects.find(({ state }) => state !== "ok")?.state ?? answer.objects[0]?.state;
  }

  const until = (seen: () => Promise<unknown>, wanted: unknown) =>
    vi.waitFor(async () => expect(await seen()).toEqual(wanted), { timeout: 20_000, interval: 100 });

  /** The last samples of a sampler, so many, as the worker would have taken them. */
  async function sample(sampler: Sampler, count: number, instances: InstanceReport[] = []): Promise<void> {
    const options = {
      ...{
        sql: console.sql,
        audit,
        catalogue: createCatalogue(console.sql),
        meter: createCostMeter(),
      },
      ...{ context: { instances: async () => instances }, clock: Date.now },
    };
    const run = createSamplerRun(sampler, options);
    const step = sampler.everySeconds * 1_000;
    const last = Math.floor(Date.now() / step) * step;
    await console.sql`delete from history.total_raw where slot > ${new Date(last - count * step)}`;
    for (let slot = last - (count - 1) * step; slot <= last; slot += step)
      await run.take(slot, Number.POSITIVE_INFINITY);
  }

  /** A session tells what it counted within a minute, or when it is asked to. */
  const flush = () => sql`select pg_stat_force_next_flush()`;

  const open = async (url = server.url.replace(/postgres$/, "audit")) => {
    const client = postgres(url, { max: 1, onnotice: () => {} });
    await client`select 1`;
    return client;
  };

  test("sessions that wait for each other's lock again and again", async () => {
    await sql`create table hot as select 1 as id`;
    const [holder, waiter] = await Promise.all([open(), open()]);
    const waited = holder.begin(async (tx) => {
      await tx`lock table hot`;
      const read = waiter`select * from hot`.then();
      const blocked = () => sql`select from pg_stat_activity where wait_event_type = 'Lock'`;
      await until(async () => (await blocked()).length, 1);
      await sample(connectionSampler, 40);
      return { read };
    });
    const { read } = await waited;
    await read;
    expect(await stateNow(lockWaits, { history })).toBe("critical");
    await sample(connectionSampler, 91);
    expect(await stateNow(lockWaits, { history })).toBe("ok");
    await Promise.all([holder.end(), waiter.end()]);
  });

  test("a queue before the engine's pools", async () => {
    const instance = { instanceId: "a", kind: "web", host: "h", pid: 1, silent: false } as const;
    const since = { startedAt: new Date(), heartbeatAt: new Date() };
    const report = () => [{ ...instance, ...since, engines: { audit: audit.stats() } }];
    const waiting = () => audit.stats().pools.find(({ purpose }) => purpose === "write")?.waiting;
    const release = Promise.withResolvers<void>();
    const size = audit.stats().pools.find(({ purpose }) => purpose === "write")?.max ?? 0;
    const callers = Array.from({ length: size + 3 }, () =>
      audit.use("write", "test.hold", async (leased) => {
        await leased`select 1`;
        await release.promise;
      }),
    );
    await until(async () => waiting(), 3);
    await sample(poolSampler, 6, report());
    expect(await stateNow(poolWaiting, { history })).toBe("warning");
    release.resolve();
    await Promise.all(callers);
    expect(waiting()).toBe(0);
    await sample(poolSampler, 2, report());
    expect(await stateNow(poolWaiting, { history })).toBe("ok");
  });

  test("a lock table that fills", async () => {
    expect(await stateNow(lockTable)).toBe("ok");
    const holder = await open();
    await holder`select count(pg_advisory_lock(n)) from generate_series(1, 2000) as n`;
    expect(await stateNow(lockTable)).toBe("critical");
    await holder.end();
    await until(() => stateNow(lockTable), "ok");
  });

  test("a checkpointer that does not get anywhere, while the server writes", async () => {
    // Of the 30 s that are the least checkpoint_timeout; the usual three of them would take the test 90 s.
    const limits = { warning: 0.05, critical: null };
    await sql`checkpoint`;
    expect(await stateNow(checkpointAge, { limits })).toBe("ok");
    const [checkpointer] = await sql<{ pid: number }[]>`
      select pid from pg_stat_activity where backend_type = 'checkpointer'`;
    process.kill(checkpointer?.pid ?? 0, "SIGSTOP");
    try {
      await sql`select pg_logical_emit_message(false, 'fill', repeat('x', 20000000))`;
      await until(() => stateNow(checkpointAge, { limits }), "warning");
    } finally {
      process.kill(checkpointer?.pid ?? 0, "SIGCONT");
    }
    await sql`checkpoint`;
    expect(await stateNow(checkpointAge, { limits })).toBe("ok");
  });

  test("statistics that are behind, and dead rows that nobody removes", async () => {
    await sql`create table swollen (id int, filler text) with (autovacuum_vacuum_scale_factor = 0.1)`;
    await sql`analyze swollen`;
    await sql`insert into swollen select n, repeat('x', 1000) from generate_series(1, 20000) as n`;
    await flush();
    await until(() => stateNow(staleStatistics, {}, "swollen"), "warning");
    await sql`analyze swollen`;
    await until(() => stateNow(staleStatistics, {}, "swollen"), undefined);
    expect(await stateNow(deadRows, {}, "swollen")).toBe(undefined);
    await sql`delete from swollen where id > 5000`;
    await flush();
    // 15,000 dead beyond a trigger of 50 + 10 % of 20,000.
    await until(() => stateNow(deadRows, {}, "swollen"), "warning");
    await sql`vacuum swollen`;
    await until(() => stateNow(deadRows, {}, "swollen"), undefined);
  });

  test("a session and a prepared transaction that hold the horizon", async () => {
    const holder = await open();
    await holder`begin isolation level repeatable read`;
    await holder`select count(*) from pg_class`;
    const tomorrow = { now: minutes(25 * 60) };
    expect(await stateNow(horizonHeld, tomorrow)).toBe("warning");
    expect(await stateNow(horizonHeld, { now: minutes(73 * 60) })).toBe("critical");
    expect(await stateNow(horizonHeld)).toBe("ok");
    await holder`commit`;
    await holder.end();
    await until(() => stateNow(horizonHeld, tomorrow), "ok");
  });

  test("events that were changed behind the guards", async () => {
    await append(audit, [{ ...event, occurredAt: new Date().toISOString() }]);
    expect(await stateNow(rowsChanged)).toBe(undefined);
    const [row] = await sql<{ leaf: string; oid: number }[]>`
      select tableoid::regclass::text as leaf, tableoid::int as oid from audit_log limit 1`;
    const leaf = row?.leaf ?? "";
    await sql.begin(async (tx) => {
      await tx.unsafe(`
        alter table ${leaf} disable trigger all;
        update ${leaf} set outcome = 'changed';
        alter table ${leaf} enable trigger all`);
    });
    await flush();
    await until(() => stateNow(rowsChanged, {}, leaf), "critical");
    await sql`select pg_stat_reset_single_table_counters(${row?.oid ?? 0}::oid)`;
    await until(() => stateNow(rowsChanged), undefined);
  });

  test("partitions that are past their ceiling", async () => {
    expect(await stateNow(retentionOverdue)).toBe("ok");
    await sql`
      create table audit_log_old partition of audit_log_minimal for values from ('2020-01-01') to ('2020-02-01')`;
    expect(await stateNow(retentionOverdue, {}, "audit_log_minimal")).toBe("critical");
    await sql`drop table audit_log_old`;
    expect(await stateNow(retentionOverdue)).toBe("ok");
  });

  test("personal data in clear fields, without a word of it", async () => {
    const details = { contact: [{ mail: "ann@example.org" }], "bob@example.org": 1, note: "nothing" };
    await append(audit, [{ ...event, details, occurredAt: new Date().toISOString() }]);
    const answer = await judge(personalData, audit);
    expect(answer.objects.map(({ object, state }) => [(object as { name: string }).name, state])).toEqual([
      ["record.viewed details.contact[].mail", "warning"],
      ["record.viewed details.*", "warning"],
    ]);
    expect(JSON.stringify(answer)).not.toMatch(/ann|bob|example/);
    expect(await stateNow(personalData, { now: minutes(125) })).toBe("ok");
  });
});
