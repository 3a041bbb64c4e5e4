import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { type Catalogue, createCatalogue } from "../collector/catalogue.ts";
import { createHistory } from "../collector/history.ts";
import { createPartitions } from "../collector/maintain-partitions.ts";
import { createObjectTracker } from "../collector/track-objects.ts";
import type { TotalsSampler } from "../collector/types.ts";
import { createObjectIds, writeObjects } from "../collector/write-objects.ts";
import { writeTotals } from "../collector/write-totals.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { getBufferCacheHits } from "./get-buffer-cache-hits.ts";
import { getBufferUsage } from "./get-buffer-usage.ts";
import { getCacheFindings } from "./get-cache-findings.ts";
import { getCacheSettings } from "./get-cache-settings.ts";
import { getIoByBackend } from "./get-io-by-backend.ts";
import { getReadLatency } from "./get-read-latency.ts";
import { checkpointSampler } from "./sample-checkpoints.ts";
import { databaseSampler } from "./sample-database.ts";
import { ioObjectSampler, ioSampler } from "./sample-io.ts";
import { walSampler } from "./sample-wal.ts";
import { cacheThresholds } from "./thresholds.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const noInstances = { instances: async () => [] };
let consoleDatabase: TestDatabase;
let catalogue: Catalogue;

beforeAll(async () => {
  consoleDatabase = await createDatabase({ template: "console" });
  catalogue = createCatalogue(consoleDatabase.sql);
  await createPartitions(consoleDatabase.sql, new Date());
});
afterAll(() => consoleDatabase.drop());

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  const target = `server-${server}`;
  let database: TestDatabase;
  let monitor: AuditDb;
  let plain: AuditDb;
  let timed: AuditDb;

  /** Stores a real sample as though it had been taken at `slot`. */
  async function record(sampler: TotalsSampler, audit: AuditDb, slot: number): Promise<void> {
    const { values, countsSince } = await sampler.sample(audit, noInstances);
    const at = slot;
    await writeTotals(consoleDatabase.sql, catalogue, {
      target,
      sampler,
      slot,
      at,
      values,
      countsSince: countsSince ?? null,
    });
  }

  async function flushed(statements: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
    await statements(sql);
    await sql`select pg_stat_force_next_flush()`;
    await sql.end();
  }

  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
    const monitorUrl = await database.login(["pg_monitor"]);
    const timedUrl = await database.login(["pg_monitor"]);
    const plainUrl = await database.login();
    await database.sql.unsafe(`alter role ${new URL(timedUrl).username} set track_io_timing = on`);
    const open = (watch: string) => connect({ target, urls: { watch }, logger: silent });
    [monitor, plain, timed] = [open(monitorUrl), open(plainUrl), open(timedUrl)];
    await flushed(async (sql) => {
      await sql`create table events (at date not null, body text) partition by range (at)`;
      await sql`create table events_01 partition of events for values from ('2026-01-01') to ('2026-02-01')`;
      await sql`create table events_02 partition of events for values from ('2026-02-01') to ('2026-03-01')`;
      await sql`create index events_at on events (at)`;
      await sql`insert into events select date '2026-01-01' + i % 59, repeat('x', 200) from generate_series(1, 20000) i`;
      await sql`create table documents (id int primary key, body text)`;
      await sql`insert into documents select i, (select string_agg(md5((i * 1000 + j)::text), '') from generate_series(1, 200) j)
                from generate_series(1, 50) i`;
      await sql`vacuum analyze`;
      await sql`select count(*), max(length(body)) from events`;
      await sql`select sum(length(reverse(body))) from documents where id between 1 and 40`;
    });
  });

  afterAll(async () => {
    await Promise.all([monitor.close(), plain.close(), timed.close()]);
    await database.drop();
  });

  test("a deadlock is counted", async () => {
    const before = await databaseSampler.sample(monitor, noInstances);
    const [a, b] = [
      postgres(database.url, { max: 1, onnotice: () => {} }),
      postgres(database.url, { max: 1, onnotice: () => {} }),
    ];
    const update = (sql: postgres.TransactionSql, id: number) =>
      sql`update documents set body = 'y' where id = ${id}`;
    const met = Promise.withResolvers<void>();
    let arrived = 0;
    const cross = (client: postgres.Sql, first: number, second: number) =>
      client.begin(async (sql) => {
        await sql`set local deadlock_timeout = '20ms'`;
        await update(sql, first);
        arrived += 1;
        if (arrived === 2) met.resolve();
        await met.promise;
        await update(sql, second);
      });
    const ends = await Promise.allSettled([cross(a, 1, 2), cross(b, 2, 1)]);
    expect(ends.filter((end) => end.status === "rejected")).toHaveLength(1);
    for (const client of [a, b]) {
      await client`select pg_stat_force_next_flush()`;
      await client.end();
    }
    const after = await databaseSampler.sample(monitor, noInstances);
    const key = "database.deadlocks";
    expect((after.values[key] ?? 0) - (before.values[key] ?? 0)).toBe(1);
  });

  test("settings are in bytes", async () => {
    const { data } = await getCacheSettings(plain);
    const [direct] = await database.sql`
      select (select setting::float8 * 8192 from pg_settings where name = 'shared_buffers') as shared,
             (select setting::float8 * 8192 from pg_settings where name = 'effective_cache_size') as cache`;
    expect(data.sharedBuffersBytes).toBe(direct?.shared);
    expect(data.effectiveCacheSizeBytes).toBe(direct?.cache);
    expect(data.trackIoTiming).toBe(false);
  });

  test("the hit ratio over time is the growth of pg_stat_database, and silence is a gap", async () => {
    const end = Math.floor(Date.now() / 10_000) * 10_000 - 10_000;
    const counters = async () => {
      const [row] = await database.sql<{ hit: number; read: number; temp: number }[]>`
        select blks_hit::float8 as hit, blks_read::float8 as read, temp_files::float8 as temp
        from pg_stat_database where datname = current_database()`;
      return row ?? { hit: 0, read: 0, temp: 0 };
    };
    // Other sessions may hand in their counts at any moment: the samples lie between direct looks.
    const first = await counters();
    for (const sampler of [databaseSampler, walSampler, checkpointSampler]) {
      await record(sampler, monitor, end - 20_000);
    }
    const before = await counters();
    await flushed(async (sql) => {
      await sql`set work_mem = '64kB'`;
      await sql`select count(*) from (select distinct body || at from events) as d`;
      for (let i = 0; i < 12; i += 1)
        await sql`select * from events order by md5(body || at) limit 1 offset 19000`;
      await sql`insert into documents select i, 'x' from generate_series(1001, 3000) i`;
      await sql.unsafe("begin; select 1; rollback");
    });
    const after = await counters();
    for (const sampler of [databaseSampler, walSampler, checkpointSampler]) {
      await record(sampler, monitor, end - 10_000);
    }
    const last = await counters();

    const now = new Date(end);
    const history = createHistory(consoleDatabase.sql, () => end);
    const context = { audit: monitor, history, now, instances: async () => [] };
    const range = { from: new Date(end - 60_000), to: now };
    const { data } = await getBufferCacheHits(context, range);
    const points = new Map(data.series["database.hitRatio"]);
    const [hit, read] = [after.hit - before.hit, after.read - before.read];
    expect(hit).toBeGreaterThan(1_000);
    expect(points.get(end - 10_000)).toBeCloseTo(hit / (hit + read), 1);
    expect(points.get(end - 20_000)).toBeNull();
    expect(data.share).toBeCloseTo(hit / (hit + read), 1);
    const counted = (data.series["database.blksHit"] ?? []).find(([at]) => at === end - 10_000)?.[1] ?? 0;
    expect(Math.round(counted * 10)).toBeGreaterThanOrEqual(hit);
    expect(Math.round(counted * 10)).toBeLessThanOrEqual(last.hit - first.hit);

    const names = [
      "database.tempFiles",
      "database.rollbacks",
      "database.inserted",
      "wal.bytes",
      "checkpoint.timed",
    ];
    const rates = await history.totals(target, names, range);
    const grown = (name: string) => 10 * (rates.series[name]?.find(([at]) => at === end - 10_000)?.[1] ?? -1);
    expect(grown("database.tempFiles")).toBeCloseTo(after.temp - before.temp);
    expect(grown("database.tempFiles")).toBeGreaterThan(10);
    expect(grown("database.rollbacks")).toBeGreaterThanOrEqual(1);
    expect(grown("database.inserted")).toBeCloseTo(2_000);
    expect(grown("wal.bytes")).toBeGreaterThan(50_000);
    expect(grown("checkpoint.timed")).toBeGreaterThanOrEqual(0);
    expect(rates.units["wal.bytes"]).toBe("bytesPerSecond");

    const eager = {
      ...cacheThresholds,
      hitShare: { windowSeconds: 60, minBlocks: 100, warning: 1.01, critical: 0 },
      rollbackShare: { windowSeconds: 60, minTransactions: 1, warning: 0.0001, critical: 1.1 },
      tempFiles: { windowSeconds: 10, warning: 10 },
      deadlocks: { windowSeconds: 10, warningAbove: 0, criticalPerMinute: 5 },
    };
    const findings = await getCacheFindings({ ...context, ...noInstances }, eager);
    expect(findings.map((f) => f.check).toSorted()).toEqual([
      "caches.bufferHits",
      "caches.rollbacks",
      "caches.tempFiles",
    ]);
    expect(findings.find((f) => f.check === "caches.tempFiles")?.title).toMatch(
      /^\d+ temporary files \(\d+ MB\) were written in the last 10 s\.$/,
    );
  });

  test("rates that were not collected are a notice, never OK", async () => {
    const history = createHistory(consoleDatabase.sql);
    const elsewhere = { ...monitor, target: "never-collected" };
    const findings = await getCacheFindings({
      audit: elsewhere,
      history,
      ...noInstances,
      now: new Date(),
    });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ severity: "notice", unavailable: { code: "insufficient_data" } });
  });

  test("read latency needs track_io_timing, and says how to turn it on", async () => {
    const end = Math.floor(Date.now() / 10_000) * 10_000;
    const history = createHistory(consoleDatabase.sql, () => end);
    const range = { from: new Date(end - 60_000), to: new Date(end) };
    const off = await getReadLatency({ audit: monitor, history, now: new Date(end) }, range);
    expect(off.unavailable).toMatchObject({ code: "not_configured" });
    expect(off.unavailable?.enable).toContain("track_io_timing = on");
    expect(off.data.series).toEqual({});
    const { values } = await databaseSampler.sample(monitor, noInstances);
    expect(values["database.blkReadTimeMs"]).toBeUndefined();
    const measured = await databaseSampler.sample(timed, noInstances);
    expect(measured.values["database.blkReadTimeMs"]).toBeGreaterThanOrEqual(0);
    const on = await getReadLatency({ audit: timed, history, now: new Date(end) }, range);
    expect(on.unavailable).toBeUndefined();
    expect(Object.keys(on.data.series)).toContain("readLatency.block");
  });

  test("a plain login samples the same totals: these views are open to all", async () => {
    for (const sampler of [databaseSampler, walSampler, checkpointSampler]) {
      const { values } = await sampler.sample(plain, noInstances);
      const given = Object.keys(values);
      expect(given.length).toBeGreaterThan(0);
      expect(sampler.series.map((series) => series.name)).toEqual(expect.arrayContaining(given));
      expect(Object.values(values).every((value) => typeof value === "number")).toBe(true);
    }
  });

  test("pg_stat_io by kind of process, or why not", async () => {
    const now = new Date();
    const history = createHistory(consoleDatabase.sql, () => now.getTime());
    const observed = await getIoByBackend({ audit: plain, history, now }, { range: "15m" });
    const { values } = await ioSampler.sample(plain, noInstances);
    const objects = await ioObjectSampler.sample(plain);
    if (server < 16) {
      expect(observed.unavailable).toMatchObject({ code: "unsupported" });
      expect(observed.data.rows).toEqual([]);
      expect([values, objects]).toEqual([{}, []]);
      return;
    }
    const clients = observed.data.rows.find(
      (row) => row.backendType === "client backend" && row.object === "relation" && row.context === "normal",
    );
    const [direct] = await database.sql`
      select hits::float8 as hits, read_bytes::float8 as "readBytes" from pg_stat_io
      where backend_type = 'client backend' and object = 'relation' and context = 'normal'`;
    expect(clients?.hits).toBeGreaterThan(0);
    expect(clients?.hits).toBeLessThanOrEqual(Number(direct?.hits));
    expect(clients?.readBytes).toBeLessThanOrEqual(Number(direct?.readBytes));
    expect(clients?.readTimeMs).toBeNull();
    expect(observed.data.timing?.code).toBe("not_configured");
    expect(observed.countsSince).toBeInstanceOf(Date);
    expect(values["io.client.hits"]).toBeGreaterThanOrEqual(clients?.hits ?? 0);
    expect(values["io.client.readTimeMs"]).toBeUndefined();
    expect(values["io.background.writes"]).toBeGreaterThanOrEqual(0);
    expect(objects.map((object) => object.key)).toContain("client backend/relation/normal");
    expect(clients?.window).toBeNull();
  });

  test("pg_stat_io over a range grows by what was read meanwhile", async () => {
    if (server < 16) return;
    const end = Math.floor(Date.now() / 60_000) * 60_000;
    const tracker = createObjectTracker(ioObjectSampler);
    const ids = createObjectIds();
    const take = async (slot: number) => {
      const samples = await ioObjectSampler.sample(monitor);
      const { batch, commit } = tracker.next(slot, slot, samples);
      await writeObjects(consoleDatabase.sql, catalogue, ids, target, ioObjectSampler, batch);
      commit();
      return samples.find((sample) => sample.key === "client backend/relation/normal")?.values.hits ?? 0;
    };
    const before = await take(end - 120_000);
    await flushed(
      (sql) => sql`select count(*) from events a join events b using (body)  where a.at < '2026-01-02'`,
    );
    const after = await take(end - 60_000);
    const history = createHistory(consoleDatabase.sql, () => end);
    const range = { from: new Date(end - 600_000), to: new Date(end) };
    const { data } = await getIoByBackend({ audit: monitor, history, now: new Date(end) }, range);
    const row = data.rows.find(
      (r) => r.backendType === "client backend" && r.context === "normal" && r.object === "relation",
    );
    expect(after - before).toBeGreaterThan(100);
    expect(row?.window?.hits).toBe(after - before);
    expect(row?.window?.hitShare).toBeGreaterThan(0.5);
    const still = data.rows.find((r) => r.backendType === "startup");
    expect(still?.window).toMatchObject({ reads: 0, hits: null });
  });

  test("use of shared_buffers, or what to install or grant", async () => {
    const missing = await getBufferUsage(monitor);
    expect(missing.data).toBeNull();
    if (server < 16) {
      expect(missing.unavailable?.code).toBe("unsupported");
      return;
    }
    expect(missing.unavailable).toMatchObject({
      code: "not_installed",
      enable: "CREATE EXTENSION pg_buffercache;",
    });
    await database.sql.unsafe(missing.unavailable?.enable ?? "");
    const [monitorUrl, plainUrl] = [await database.login(["pg_monitor"]), await database.login()];
    const granted = connect({ target, urls: { watch: monitorUrl }, logger: silent });
    const refused = connect({ target, urls: { watch: plainUrl }, logger: silent });
    const { data } = await getBufferUsage(granted);
    const settings = await getCacheSettings(granted);
    expect(data?.totalBytes).toBe(settings.data.sharedBuffersBytes);
    expect(data?.usedBytes).toBeGreaterThan(1_000_000);
    expect((data?.usedBytes ?? 0) + (data?.unusedBytes ?? 0)).toBe(data?.totalBytes);
    expect((await getBufferUsage(refused)).unavailable).toMatchObject({ code: "no_grant" });
    await Promise.all([granted.close(), refused.close()]);
  });
});
