import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { getPartitionFindings } from "./get-findings.ts";
import { getPartitionLanes } from "./get-lanes.ts";
import { getPartitionTable } from "./get-table.ts";
import { getPartitionTrees } from "./get-trees.ts";
import { samplePartitions, samplePartitionTotals } from "./sample-partitions.ts";
import { sampleTables } from "./sample-tables.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const now = new Date("2024-03-15T12:00:00Z");

describe.each([15, 18] as const)("partitions on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let watchUrl: string;
  const engines: AuditDb[] = [];
  const engine = (url = watchUrl) => {
    const audit = connect({ target: "t", urls: { watch: url }, logger });
    engines.push(audit);
    return audit;
  };

  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
    const setup = postgres(database.url, { max: 1 });
    await setup.unsafe(`
      create schema "Odd.Schema";
      create table public.ledger (kind text, at timestamptz, note text) partition by list (kind);
      create table ledger_a partition of ledger for values in ('a', 'it''s') partition by range (at);
      create table ledger_b partition of ledger for values in ('b') partition by range (at);
      set timezone = 'Asia/Kolkata';
      create table ledger_a_1 partition of ledger_a for values from ('2024-01-01 05:30') to ('2024-02-01 05:30');
      set timezone = 'America/New_York';
      create table ledger_a_2 partition of ledger_a
        for values from ('2024-01-31 19:00') to ('2024-03-01 00:00:00+00');
      create table ledger_a_3 partition of ledger_a for values from ('2024-03-01 00:00+00') to ('2024-04-01 00:00+00');
      create table ledger_a_default partition of ledger_a default;
      create table ledger_b_1 partition of ledger_b for values from ('2024-01-01 00:00+00') to ('2024-02-01 00:00+00');
      create table ledger_b_3 partition of ledger_b for values from ('2024-03-01 00:00+00') to ('2024-04-01 00:00+00');
      create table ledger_b_4 partition of ledger_b for values from ('2024-04-01 00:00+00') to ('2024-08-01 00:00+00');
      create index on ledger (at);
      insert into ledger select 'a', '2024-01-10 00:00+00'::timestamptz + i * interval '1 minute', repeat('x', 100)
        from generate_series(1, 20000) i;
      insert into ledger values ('a', '2030-01-01', 'far ahead'), ('a', '2031-01-01', 'further');
      delete from ledger_a_1 where at < '2024-01-11 00:00+00';
      create table "Odd.Schema"."Epoch ""quoted""" (t bigint, v int) partition by range (t);
      create table "Odd.Schema"."e.1" partition of "Odd.Schema"."Epoch ""quoted""" for values from (1709251200) to (1710460800);
      create table "Odd.Schema"."e.2" partition of "Odd.Schema"."Epoch ""quoted""" for values from (1710460800) to (1711670400);
      create table spread (id int) partition by hash (id);
      create table spread_0 partition of spread for values with (modulus 2, remainder 0);
      create table spread_1 partition of spread for values with (modulus 2, remainder 1);
      create table daily (d date, part int) partition by range (d);
      create table daily_1 partition of daily for values from ('2024-03-15') to ('2024-03-16') partition by hash (part);
      create table daily_1_0 partition of daily_1 for values with (modulus 2, remainder 0);
      create table daily_1_1 partition of daily_1 for values with (modulus 2, remainder 1);
      create table empty_parent (at timestamp) partition by range (at);
    `);
    await setup`analyze ledger_a_1`;
    // A session hands in its statistics at the latest when it ends.
    await setup.end();
    watchUrl = await database.login(["pg_monitor"]);
  });
  afterAll(async () => {
    await Promise.all(engines.map((audit) => audit.close()));
    await database.drop();
  });

  test("every partitioned table is listed with its levels, leaves and the bytes the server itself counts", async () => {
    const { data } = await getPartitionTrees(engine());
    const tree = (name: string) => data.find((t) => t.name === name);
    expect(data.map((t) => t.name).toSorted()).toEqual([
      'Epoch "quoted"',
      "daily",
      "empty_parent",
      "ledger",
      "spread",
    ]);
    expect(tree("ledger")).toMatchObject({
      strategy: "list",
      key: "LIST (kind)",
      levels: 2,
      leaves: 7,
      lanes: 2,
    });
    expect(tree("daily")).toMatchObject({ strategy: "range", levels: 2, leaves: 2, lanes: 1 });
    expect(tree("spread")).toMatchObject({ strategy: "hash", levels: 1, leaves: 2 });
    expect(tree("empty_parent")).toMatchObject({ levels: 0, leaves: 0, totalBytes: null });
    const [counted] = await database.sql`
      select sum(pg_total_relation_size(relid))::float8 as bytes from pg_partition_tree('ledger')`;
    expect(tree("ledger")?.totalBytes).toBe(counted?.bytes);
  });

  test("a list over ranges is a lane a branch, its bounds the same moments whatever zone wrote them", async () => {
    const { data } = await getPartitionLanes(engine(), { schema: "public", root: "ledger" }, now);
    expect(data.lanes.map((lane) => lane.label)).toEqual(["a, it's", "b"]);
    const [a, b] = data.lanes;
    expect(a?.cells.map(({ name, from, to, isDefault }) => ({ name, from, to, isDefault }))).toEqual([
      {
        name: "ledger_a_1",
        from: "2024-01-01T00:00:00.000Z",
        to: "2024-02-01T00:00:00.000Z",
        isDefault: false,
      },
      {
        name: "ledger_a_2",
        from: "2024-02-01T00:00:00.000Z",
        to: "2024-03-01T00:00:00.000Z",
        isDefault: false,
      },
      {
        name: "ledger_a_3",
        from: "2024-03-01T00:00:00.000Z",
        to: "2024-04-01T00:00:00.000Z",
        isDefault: false,
      },
      { name: "ledger_a_default", from: null, to: null, isDefault: true },
    ]);
    expect(a).toMatchObject({
      axis: "time",
      gaps: [],
      overlaps: [],
      interval: { unit: "month" },
      unknownBounds: 0,
    });
    expect(a?.runway).toMatchObject({
      coversNow: true,
      until: "2024-04-01T00:00:00.000Z",
      seconds: 16.5 * 86_400,
    });
    expect(b?.gaps).toEqual([
      {
        from: "2024-02-01T00:00:00.000Z",
        to: "2024-03-01T00:00:00.000Z",
        between: ["ledger_b_1", "ledger_b_3"],
      },
    ]);
    expect(b?.runway).toMatchObject({
      until: "2024-08-01T00:00:00.000Z",
      lastBound: "2024-08-01T00:00:00.000Z",
    });
  });

  test("a role whose defaults print times otherwise gets the same lanes", async () => {
    const url = await database.login(["pg_monitor"]);
    const role = new URL(url).username;
    await database.sql.unsafe(
      `alter role ${role} set datestyle = 'SQL, DMY'; alter role ${role} set timezone = 'Asia/Tokyo'`,
    );
    const theirs = await getPartitionLanes(engine(url), { schema: "public", root: "ledger" }, now);
    const ours = await getPartitionLanes(engine(), { schema: "public", root: "ledger" }, now);
    const spans = (lanes: typeof ours) =>
      lanes.data.lanes.map((l) => l.cells.map((c) => [c.from, c.to, c.bounds]));
    expect(spans(theirs)).toEqual(spans(ours));
  });

  test("integer epochs, sub-partitioned days, hashes and a parent without partitions each get their lane", async () => {
    const audit = engine();
    const lanesOf = async (schema: string, root: string) =>
      (await getPartitionLanes(audit, { schema, root }, now)).data.lanes;
    const [epoch] = await lanesOf("Odd.Schema", 'Epoch "quoted"');
    expect(epoch).toMatchObject({
      axis: "epochSeconds",
      gaps: [],
      interval: { unit: "custom", seconds: 1_209_600 },
    });
    expect(epoch?.axisNote).toMatch(/seconds since 1970/);
    expect(epoch?.cells.map((c) => [c.name, c.to])).toEqual([
      ["e.1", "2024-03-15T00:00:00.000Z"],
      ["e.2", "2024-03-29T00:00:00.000Z"],
    ]);
    const [daily] = await lanesOf("public", "daily");
    expect(daily?.cells).toMatchObject([{ name: "daily_1", leaves: 2, from: "2024-03-15T00:00:00.000Z" }]);
    const [spread] = await lanesOf("public", "spread");
    expect(spread).toMatchObject({ axis: "values", runway: null, strategy: "hash" });
    expect(spread?.cells.map((c) => c.bounds)).toEqual([
      "WITH (modulus 2, remainder 0)",
      "WITH (modulus 2, remainder 1)",
    ]);
    const [empty] = await lanesOf("public", "empty_parent");
    expect(empty).toMatchObject({ cells: [], runway: { coversNow: false, seconds: 0, lastBound: null } });
    await expect(lanesOf("public", "ledger_a")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("rows in a default partition are counted where granted, else estimated and explained", async () => {
    const lanesSeenBy = async (url: string) =>
      (await getPartitionLanes(engine(url), { schema: "public", root: "ledger" }, now)).data.lanes;
    const [without] = await lanesSeenBy(watchUrl);
    expect(without?.defaultPartition).toMatchObject({
      rows: null,
      rowsEstimated: 2,
      unavailable: { code: "no_grant" },
    });
    const reader = await database.login(["pg_monitor"]);
    await database.sql.unsafe(
      without?.defaultPartition?.unavailable?.enable?.replace(/TO .*;/, `TO ${new URL(reader).username};`) ??
        "",
    );
    const [granted] = await lanesSeenBy(reader);
    expect(granted?.defaultPartition).toMatchObject({ name: "ledger_a_default", rows: 2, capped: false });
    expect(granted?.defaultPartition?.unavailable).toBeUndefined();
    await database.sql`insert into ledger_a_default select 'a', '2040-01-01'::timestamptz from generate_series(1, 1500)`;
    const second = await database.login(["pg_monitor", "pg_read_all_data"]);
    const [capped] = await lanesSeenBy(second);
    expect(capped?.defaultPartition).toMatchObject({ rows: 1_000, capped: true });
    await database.sql`delete from ledger_a_default where at = '2040-01-01'`;
    await database.sql.unsafe(`revoke all on ledger_a_default from ${new URL(reader).username}`);
  });

  test("the table sorts, filters and pages, with the figures the catalogue's own views give", async () => {
    const audit = engine();
    const query = {
      table: { schema: "public", root: "ledger" },
      orderBy: "totalBytes",
      order: "desc",
    } as const;
    const { data } = await getPartitionTable(audit, { ...query, limit: 2, offset: 0 }, now);
    expect(data.total).toBe(7);
    expect(data.rows.map((row) => row.name)).toEqual(["ledger_a_1", "ledger_a_default"]);
    const [view] = await database.sql`
      select n_live_tup::float8 as "rowsEstimated", n_dead_tup::float8 as "deadRows", n_tup_ins::float8 as "inserted",
             n_tup_del::float8 as "deleted", seq_scan::float8 as "seqScans", last_analyze as "lastAnalyze",
             pg_total_relation_size(relid)::float8 as "totalBytes", pg_indexes_size(relid)::float8 as "indexBytes"
      from pg_stat_all_tables where relname = 'ledger_a_1'`;
    expect(view).toMatchObject({ inserted: 20_000, deleted: 1_440 - 1 });
    expect(data.rows[0]).toMatchObject(view ?? {});
    const found = await getPartitionTable(
      audit,
      { ...query, filter: "2024-03-01 00:00:00+00", limit: 10, offset: 0 },
      now,
    );
    expect(found.data.rows.map((row) => row.name).toSorted()).toEqual([
      "ledger_a_2",
      "ledger_a_3",
      "ledger_b_3",
    ]);
    const page = await getPartitionTable(
      audit,
      { ...query, orderBy: "name", order: "asc", limit: 2, offset: 5 },
      now,
    );
    expect(page.data.rows.map((row) => row.name)).toEqual(["ledger_b_3", "ledger_b_4"]);
  });

  test("a partition under somebody's AccessExclusiveLock is shown with who holds it, and stalls nothing", async () => {
    // One engine that has seen the bounds; a new cache behind it stands for the time that passes.
    let behind = engine();
    const audit: AuditDb = { ...behind, read: (statement) => behind.read(statement) };
    const table = { schema: "public", root: "ledger" };
    await getPartitionLanes(audit, table, now);
    const holder = postgres(database.url, { max: 1, connection: { application_name: "report-worker" } });
    const held = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    const holding = holder.begin(async (sql) => {
      await sql`lock table ledger_a_2 in access exclusive mode`;
      held.resolve();
      await done.promise;
    });
    await held.promise;
    try {
      const fresh = engine();
      const { data } = await getPartitionLanes(fresh, table, now);
      const cell = data.lanes[0]?.cells.find((c) => c.name === "ledger_a_2");
      expect(cell).toMatchObject({
        bytesFrom: "estimated",
        bounds: null,
        lockedBy: { application: "report-worker", granted: true },
      });
      expect(data.lanes[0]).toMatchObject({ unknownBounds: 1, gaps: [], runway: null });
      expect(data.lanes[0]?.cells).toHaveLength(4);
      const findings = await getPartitionFindings(fresh, now);
      expect(findings.find((f) => f.unavailable)?.title).toMatch(
        /runway of ledger \(a, it's\) cannot be judged/,
      );
      behind = engine();
      const again = await getPartitionLanes(audit, table, now);
      expect(again.data.lanes[0]?.cells.find((c) => c.name === "ledger_a_2")).toMatchObject({
        from: "2024-02-01T00:00:00.000Z",
        lockedBy: { granted: true },
      });
      expect(again.data.lanes[0]).toMatchObject({ unknownBounds: 0, gaps: [] });
    } finally {
      done.resolve();
      await holding;
      await holder.end();
    }
  });

  test("findings name the gap, the short runway and the default's rows, the worst kind for each", async () => {
    const findings = await getPartitionFindings(engine(), now);
    const of = (check: string) => findings.filter((f) => f.check === check);
    expect(of("partitions.gap")).toMatchObject([{ severity: "warning", path: "partitions" }]);
    expect(of("partitions.gap")[0]?.title).toContain("1 Feb 2024 to 1 Mar 2024 UTC");
    expect(of("partitions.defaultRows")).toHaveLength(1);
    const runways = of("partitions.runway").map((f) => [f.severity, f.title]);
    expect(runways).toEqual(
      expect.arrayContaining([
        ["critical", expect.stringMatching(/^empty_parent has no partition for the present/)],
        ["critical", expect.stringMatching(/^ledger \(a, it's\) has partitions for another 16 d 12 h/)],
        ["critical", expect.stringMatching(/^daily has partitions for another 12 h/)],
      ]),
    );
    expect(of("partitions.parentAnalyzed")).toMatchObject([{ severity: "warning" }]);
    await database.sql`analyze ledger`;
    const after = await getPartitionFindings(engine(), now);
    expect(after.filter((f) => f.check === "partitions.parentAnalyzed")).toEqual([]);
    const month = new Date(Date.now() + 31 * 86_400_000);
    const later = await getPartitionFindings(engine(), month);
    expect(later.find((f) => f.check === "partitions.parentAnalyzed")).toMatchObject({
      severity: "critical",
    });
  });

  test("a detach that was begun and interrupted is pending until it is finalized", async () => {
    const reader = postgres(database.url, { max: 1 });
    const reading = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    const held = reader.begin(async (sql) => {
      await sql`select count(*) from ledger_b`;
      reading.resolve();
      await done.promise;
    });
    await reading.promise;
    const detacher = postgres(database.url, { max: 1 });
    await detacher`set statement_timeout = '700ms'`;
    await expect(
      detacher.unsafe("alter table ledger_b detach partition ledger_b_4 concurrently"),
    ).rejects.toThrow();
    done.resolve();
    await held;
    const { data } = await getPartitionLanes(engine(), { schema: "public", root: "ledger" }, now);
    expect(data.lanes[1]?.cells.find((c) => c.detachPending)?.name).toBe("ledger_b_4");
    expect(data.lanes[1]?.runway?.until).toBe("2024-04-01T00:00:00.000Z");
    const findings = await getPartitionFindings(engine(), now);
    expect(findings.find((f) => f.check === "partitions.detachPending")?.detail).toContain(
      "DETACH PARTITION public.ledger_b_4 FINALIZE",
    );
    await database.sql.unsafe("alter table ledger_b detach partition ledger_b_4 finalize");
    await database.sql.unsafe("drop table ledger_b_4");
    await Promise.all([reader.end(), detacher.end()]);
  });

  test("samples carry what the server counts, for partitions and for tables", async () => {
    const audit = engine();
    const samples = await samplePartitions(audit);
    const [size] = await database.sql`select pg_total_relation_size('ledger_a_1')::float8 as bytes`;
    expect(samples.find((s) => s.key === "public.ledger_a_1")?.values.bytes).toBe(size?.bytes);
    expect(samples.some((s) => s.key === "Odd.Schema.e.1")).toBe(true);
    const totals = await samplePartitionTotals(audit, now);
    expect(totals.values["partitions.count"]).toBe(samples.length);
    expect(totals.values["partitions.runwaySeconds"]).toBe(0);
    const tables = await sampleTables(audit);
    const [view] = await database.sql`
      select s.seq_scan::float8 as "seqScan", s.n_tup_ins::float8 as "inserted", s.n_tup_del::float8 as "deleted",
             s.n_live_tup::float8 as "live", s.idx_scan::float8 as "idxScan",
             (heap_blks_hit + coalesce(idx_blks_hit, 0) + coalesce(toast_blks_hit, 0) + coalesce(tidx_blks_hit, 0))::float8 as "blksHit",
             (heap_blks_read + coalesce(idx_blks_read, 0) + coalesce(toast_blks_read, 0) + coalesce(tidx_blks_read, 0))::float8 as "blksRead"
      from pg_stat_all_tables s join pg_statio_all_tables io using (relid) where s.relname = 'ledger_a_1'`;
    expect(tables.find((t) => t.key === "public.ledger_a_1")?.values).toMatchObject(view ?? {});
  });

  test("a role with no grants at all sees the same layout", async () => {
    const url = await database.login([]);
    const { data } = await getPartitionTrees(engine(url));
    expect(data.find((t) => t.name === "ledger")?.leaves).toBeGreaterThan(0);
  });
});

test("five thousand partitions are read, judged and paged", async () => {
  const database = await createDatabase({ server: 18, template: "empty" });
  for (let i = 0; i < 5_000; i += 500) {
    await database.sql.unsafe(`
      ${i === 0 ? "create table many (at timestamptz) partition by range (at);" : ""}
      do $$ begin for i in ${i}..${i + 499} loop
        execute format('create table many_%s partition of many for values from (%L) to (%L)', i,
          '2015-01-01 00:00+00'::timestamptz + i * interval '1 day', '2015-01-01 00:00+00'::timestamptz + (i + 1) * interval '1 day');
      end loop; end $$`);
  }
  const audit = connect({ target: "t", urls: { watch: await database.login(["pg_monitor"]) }, logger });
  const at = new Date("2028-09-01T06:00:00Z");
  const { data } = await getPartitionLanes(audit, { schema: "public", root: "many" }, at);
  expect(data.lanes[0]).toMatchObject({ gaps: [], overlaps: [], interval: { unit: "day", seconds: 86_400 } });
  expect(data.lanes[0]?.cells).toHaveLength(5_000);
  expect(data.lanes[0]?.runway).toMatchObject({ until: "2028-09-09T00:00:00.000Z", intervals: 7.75 });
  const page = await getPartitionTable(audit, { orderBy: "from", order: "desc", limit: 50, offset: 0 }, at);
  expect(page.data.rows[0]?.name).toBe("many_4999");
  expect(page.data.total).toBe(5_000);
  await audit.close();
  await database.drop();
}, 180_000);

test("our own audit_log is a lane a retention policy, months ahead of now, without gaps", async () => {
  const database = await createDatabase({ server: 18, template: "audit" });
  const audit = connect({ target: "t", urls: { watch: await database.login(["pg_monitor"]) }, logger });
  const present = new Date();
  const { data } = await getPartitionLanes(audit, { schema: "public", root: "audit_log" }, present);
  const policies = await database.sql<{ bound: string }[]>`
    select pg_get_expr(relpartbound, oid) as bound from pg_class
    where oid in (select inhrelid from pg_inherits where inhparent = 'audit_log'::regclass)`;
  expect(data.lanes.map((lane) => `FOR VALUES IN ('${lane.label}')`).toSorted()).toEqual(
    policies.map(({ bound }) => bound).toSorted(),
  );
  for (const lane of data.lanes) {
    expect(lane).toMatchObject({
      axis: "time",
      gaps: [],
      interval: { unit: "month" },
      runway: { coversNow: true },
    });
    expect(lane.runway?.intervals).toBeGreaterThan(2);
  }
  await audit.close();
  await database.drop();
});
