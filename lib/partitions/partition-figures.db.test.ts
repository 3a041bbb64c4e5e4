import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Partitioned, startPartitioned } from "../testing/partitioned.ts";
import { getPartitionLanes } from "./get-lanes.ts";
import { getPartitionTable } from "./get-table.ts";
import { samplePartitions, samplePartitionTotals } from "./sample-partitions.ts";
import { sampleTables } from "./sample-tables.ts";

const now = new Date("2024-03-15T12:00:00Z");

describe.each([15, 18] as const)("partition figures on PostgreSQL %i", (server) => {
  let world: Partitioned;

  beforeAll(async () => {
    world = await startPartitioned(server);
  });
  afterAll(() => world?.close());

  test("rows in a default partition are counted where granted, else estimated and explained", async () => {
    const { database, watchUrl, open } = world;
    const lanesSeenBy = async (url: string) =>
      (await getPartitionLanes(open(url), { schema: "public", root: "ledger" }, now)).data.lanes;
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
    const { database, open } = world;
    const audit = open();
    const query = {
      table: { schema: "public", root: "ledger" },
      orderBy: "totalBytes",
      order: "desc",
    } as const;
    const { data } = await getPartitionTable(audit, { ...query, limit: 2, offset: 0 });
    expect(data.total).toBe(7);
    expect(data.rows.map((row) => row.name)).toEqual(["ledger_a_1", "ledger_a_default"]);
    const [view] = await database.sql`
      select n_live_tup::float8 as "rowsEstimated", n_dead_tup::float8 as "deadRows", n_tup_ins::float8 as "inserted",
             n_tup_del::float8 as "deleted", seq_scan::float8 as "seqScans", last_analyze as "lastAnalyze",
             pg_total_relation_size(relid)::float8 as "totalBytes", pg_indexes_size(relid)::float8 as "indexBytes"
      from pg_stat_all_tables where relname = 'ledger_a_1'`;
    expect(view).toMatchObject({ inserted: 20_000, deleted: 1_440 - 1 });
    expect(data.rows[0]).toMatchObject(view ?? {});
    const found = await getPartitionTable(audit, {
      ...query,
      filter: "2024-03-01 00:00:00+00",
      limit: 10,
      offset: 0,
    });
    expect(found.data.rows.map((row) => row.name).toSorted()).toEqual([
      "ledger_a_2",
      "ledger_a_3",
      "ledger_b_3",
    ]);
    const page = await getPartitionTable(audit, {
      ...query,
      orderBy: "name",
      order: "asc",
      limit: 2,
      offset: 5,
    });
    expect(page.data.rows.map((row) => row.name)).toEqual(["ledger_b_3", "ledger_b_4"]);
  });

  test("samples carry what the server counts, for partitions and for tables", async () => {
    const { database, open } = world;
    const audit = open();
    const samples = await samplePartitions(audit);
    const [size] = await database.sql`select pg_total_relation_size('ledger_a_1')::float8 as bytes`;
    expect(samples.find((s) => s.key === "public.ledger_a_1")?.values.bytes).toBe(size?.bytes);
    expect(samples.some((s) => s.key === '"Odd.Schema"."e.1"')).toBe(true);
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
});
