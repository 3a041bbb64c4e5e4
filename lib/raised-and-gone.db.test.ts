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
import { recordEvent } from "./collector/sampling/record-event.ts";
import { createSamplerRun } from "./collector/sampling/run-sampler.ts";
import type { History, InstanceReport, Sampler } from "./collector/types.ts";
import { lockTable } from "./connections/check-lock-table.ts";
import { lockWaits } from "./connections/check-lock-waits.ts";
import { poolWaiting } from "./connections/check-pool-waiting.ts";
import { connectionSampler } from "./connections/sample-connections.ts";
import { poolSampler } from "./connections/sample-pools.ts";
import { expectedDuties } from "./duties/expected-duties.ts";
import { beat } from "./duties/heartbeat.ts";
import { createLeadership } from "./duties/leadership.ts";
import { listDuties } from "./duties/list-duties.ts";
import { readLooks } from "./evaluation/read-looks.ts";
import { personalData } from "./events/check-personal-data.ts";
import { ingestSilence } from "./events/check-silence.ts";
import { eventsSamplers } from "./events/samplers.ts";
import { horizonHeld } from "./maintenance/check-horizon.ts";
import { deadRows, staleStatistics } from "./maintenance/check-table-upkeep.ts";
import { retentionOverdue } from "./partitions/check-retention.ts";
import { rowsChanged } from "./partitions/check-rows-changed.ts";
import { roleFlip } from "./replication/check-role-flip.ts";
import { blindChecks } from "./targets/check-blind.ts";
import { missedEvaluations } from "./targets/check-missed.ts";
import { type Cluster, startCluster } from "./testing/cluster.ts";
import { createDatabase, type TestDatabase } from "./testing/database.ts";
import { evaluateFound, foundCheck } from "./testing/evaluate.ts";
import { type Judging, judge, stateOf } from "./testing/judge.ts";
import { stoppedDuty } from "./work/check-duties.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const event = { organizationId: "o", action: "record.viewed", status: "success" } as const;
const hourMs = 3_600_000;
const minutes = (count: number) => new Date(Date.now() + count * 60_000);

/** Each condition made for real, seen, mended and seen to be over, on one server of each version. */
describe.each([15, 18] as const)("PostgreSQL %i", (version) => {
  let server: Cluster;
  let console: TestDatabase;
  let sql: Sql;
  let audit: AuditDb;
  let history: History;
  let reconnect: () => AuditDb;

  beforeAll(async () => {
    [server, console] = await Promise.all([
      startCluster(version, { max_connections: "30", autovacuum: "off" }),
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
    reconnect = () =>
      connect({ target: "audit", urls: { watch: urlOf("watcher"), write: urlOf("writer") }, logger });
    audit = reconnect();
    history = createHistory(console.sql);
    await createPartitions(console.sql, new Date());
  }, 120_000);
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
      ...{ sql: console.sql, audit, catalogue: createCatalogue(console.sql), meter: createCostMeter() },
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
    const engines = audit.stats();
    const instance = { instanceId: "a", kind: "web", host: "h", pid: 1, silent: false } as const;
    const since = { startedAt: new Date(), heartbeatAt: new Date() };
    const queued = { ...engines, pools: engines.pools.map((pool) => ({ ...pool, waiting: 3 })) };
    await sample(poolSampler, 6, [{ ...instance, ...since, engines: { audit: queued } }]);
    expect(await stateNow(poolWaiting, { history })).toBe("warning");
    await sample(poolSampler, 2, [{ ...instance, ...since, engines: { audit: engines } }]);
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

  test("a checkpoint that is overdue, while the server writes", async () => {
    const limits = { warning: 1e-9, critical: null };
    await sql`checkpoint`;
    expect(await stateNow(checkpointAge, { limits })).toBe("ok");
    await sql`select pg_logical_emit_message(false, 'fill', repeat('x', 20000000))`;
    expect(await stateNow(checkpointAge, { limits })).toBe("warning");
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

  test("events that stop coming, against the pauses that were usual", async () => {
    const [sampler] = eventsSamplers;
    if (!sampler) throw new Error("nothing samples events");
    await append(audit, [{ ...event, occurredAt: new Date().toISOString() }]);
    await sample(sampler, 1);
    expect(await stateNow(ingestSilence, { history })).toBe("unavailable");
    const began = new Date(Math.floor(Date.now() / hourMs) * hourMs - 10 * 24 * hourMs);
    for (let day = 0; day <= 10; day++)
      await createPartitions(console.sql, new Date(began.getTime() + day * 24 * hourMs));
    await console.sql`update history.collecting set since = ${began}`;
    await console.sql`
      insert into history.total_hour (slot, target_id, sampler_id, amounts, weights, lows, highs)
      select hour, t.id, s.id, '{60}', '{1}', '{1}', '{120}'
      from history.target t, history.sampler s, generate_series(${began}::timestamptz, now() - interval '2 hours', '1 hour') as hour
      where t.name = 'audit' and s.name = 'events'`;
    // What was learned is kept for ten minutes, by each engine.
    await audit.close();
    audit = reconnect();
    expect(await stateNow(ingestSilence, { history })).toBe("ok");
    const { objects } = await judge(ingestSilence, audit, { history, now: minutes(5) });
    expect(objects[0]).toMatchObject({ state: "warning", threshold: { warning: 2, critical: 6 } });
    expect(objects[0]?.words.title).toMatch(/^The newest event is 5 min old; .* was 2 min\.$/);
    expect(await stateNow(ingestSilence, { history, now: minutes(13) })).toBe("critical");
    await append(audit, [{ ...event, occurredAt: new Date().toISOString() }]);
    expect(await stateNow(ingestSilence, { history })).toBe("ok");
  });

  test("a server that changed its role within the hour", async () => {
    expect(await stateNow(roleFlip, { history })).toBe("ok");
    const at = new Date();
    await recordEvent(console.sql, "audit", {
      ...{ at, endedAt: at, kind: "role_flip", severity: "warning", detail: {} },
      title: "h1:5432 is the primary now",
    });
    expect(await stateNow(roleFlip, { history })).toBe("notice");
    expect(await stateNow(roleFlip, { history, now: minutes(61) })).toBe("ok");
  });

  test("a check that answered before and fails three times in a row", async () => {
    const check = foundCheck("sample.blind");
    const looks = () => readLooks(console.sql, "audit");
    const found = (second: number, failed?: string) =>
      evaluateFound(console.sql, "audit", [
        { check, at: new Date(Date.now() - 600_000 + second * 1_000), ...(failed && { failed }) },
      ]);
    const blind = () => stateNow(blindChecks, { looks }, "sample.blind");
    await found(0);
    for (const second of [30, 60]) await found(second, "The statement was cancelled.");
    expect(await blind()).toBe("ok");
    await found(90, "The statement was cancelled.");
    expect(await blind()).toBe("warning");
    const { objects } = await judge(blindChecks, audit, { looks });
    expect(objects[0]?.words.title).toMatch(
      /^The check sample\.blind has had no answer for 10 min, in 3 looks: The statement was cancelled\.$/,
    );
    await found(120);
    expect(await blind()).toBe(undefined);
    expect(await stateNow(missedEvaluations, { looks })).toBe("warning");
    await found(600);
    expect(await stateNow(missedEvaluations, { looks })).toBe("ok");
  });

  test("a duty that no worker does", async () => {
    const targets = [{ name: "audit" }, { name: "other" }] as never;
    const expected = expectedDuties({
      targets,
      CHECKS_EVERY_SECONDS: 30,
      MASTER_KEY_FILE: undefined,
    } as never);
    const duties = () => listDuties(console.sql, expected);
    const led = expected.filter(({ duty }) => duty !== "collector");
    const leadership = createLeadership({ url: console.url, holder: "host:1:1", logger });
    for (const { duty, target } of led)
      leadership.lead(duty, target, async (signal) => {
        await beat(console.sql, duty, target);
        if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
      });
    const bad = async (now = new Date()) =>
      (await judge(stoppedDuty, audit, { duties, now })).objects.flatMap(({ object, state }) =>
        state === "ok" ? [] : [`${(object as { name: string }).name} ${state}`],
      );
    const running = async () => (await duties()).filter(({ leader }) => leader).length;
    await until(running, led.length);
    expect(await bad()).toEqual([]);
    await leadership.stop();
    await console.sql`update history.leader set renewed_at = renewed_at - interval '1 minute'`;
    expect((await bad(minutes(4))).sort()).toEqual([
      "approvals critical",
      "checks of other critical",
      "deliveries critical",
      "effects critical",
      "housekeeping critical",
      "incidents critical",
      "outbox critical",
      "tellings critical",
    ]);
  });
});
