import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { getRelationCacheHits } from "./get-relation-cache-hits.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const relations = {
  kind: "table",
  orderBy: "blocks",
  limit: 500,
  groupPartitions: false,
  system: false,
} as const;

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let monitor: AuditDb;

  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
    const watch = await database.login(["pg_monitor"]);
    monitor = connect({ target: "audit", urls: { watch }, logger: silent });
    const sql = postgres(database.url, { max: 1, onnotice: () => {} });
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
    await sql`select pg_stat_force_next_flush()`;
    await sql.end();
  });

  afterAll(async () => {
    await monitor.close();
    await database.drop();
  });

  test("counts of tables equal pg_statio_user_tables", async () => {
    const { data, source } = await getRelationCacheHits(monitor, relations);
    const direct = await database.sql`
      select relname as name, heap_blks_hit::float8 as hits, heap_blks_read::float8 as reads,
             idx_blks_hit::float8 as "indexHits", idx_blks_read::float8 as "indexReads",
             (toast_blks_hit + tidx_blks_hit)::float8 as "toastHits",
             (toast_blks_read + tidx_blks_read)::float8 as "toastReads"
      from pg_statio_user_tables order by relname`;
    expect(source).toBe("pg_statio_all_tables");
    const shown = data.rows
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .map(({ name, hits, reads, indexHits, indexReads, toastHits, toastReads }) => {
        return { name, hits, reads, indexHits, indexReads, toastHits, toastReads };
      });
    expect(shown).toEqual([...direct]);
    expect(data.total).toBe(direct.length);
    expect(data.rows.find((row) => row.name === "documents")?.toastHits).toBeGreaterThan(0);
    const january = data.rows.find((row) => row.name === "events_01");
    expect(january).toMatchObject({ schema: "public", partitions: null, partitionRoot: "public.events" });
    expect(january?.share).toBeGreaterThan(0);
    expect(january?.sizeBytes).toBeGreaterThan(1_000_000);
  });

  test("partitions add up under their table, and indexes under theirs", async () => {
    for (const kind of ["table", "index"] as const) {
      // Autovacuum may read between the two: they are compared once both are of one moment.
      await vi.waitFor(async () => {
        const single = await getRelationCacheHits(monitor, { ...relations, kind });
        const grouped = await getRelationCacheHits(monitor, { ...relations, kind, groupPartitions: true });
        const name = kind === "table" ? "events" : "events_at";
        const root = grouped.data.rows.find((row) => row.name === name);
        const parts = single.data.rows.filter((row) => row.partitionRoot === `public.${name}`);
        expect(parts).toHaveLength(2);
        expect(root).toMatchObject({ partitions: 2, partitionRoot: null });
        expect(root?.hits).toBe(parts.reduce((sum, row) => sum + row.hits, 0));
        expect(root?.table).toBe(kind === "table" ? null : "events");
        expect(grouped.data.rows.some((row) => parts.some((part) => part.name === row.name))).toBe(false);
        expect(grouped.data.total).toBe(single.data.total - 1);
      }, 20_000);
    }
  });

  test("orders and limits as asked", async () => {
    for (const orderBy of ["reads", "hits", "blocks", "share", "size", "name"] as const) {
      const { data } = await getRelationCacheHits(monitor, { ...relations, orderBy, limit: 2 });
      expect(data.rows).toHaveLength(2);
      expect(data.total).toBe(3);
    }
    const bySize = await getRelationCacheHits(monitor, { ...relations, orderBy: "size" });
    const sizes = bySize.data.rows.map((row) => row.sizeBytes);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    const withSystem = await getRelationCacheHits(monitor, { ...relations, system: true });
    expect(withSystem.data.rows.some((row) => row.name === "pg_class")).toBe(true);
  });

  test("does not wait for anybody's lock on a table", async () => {
    await database.sql.begin(async (sql) => {
      await sql`lock table events, documents in access exclusive mode`;
      for (const kind of ["table", "index"] as const) {
        const { data } = await getRelationCacheHits(monitor, { ...relations, kind, limit: 77 });
        expect(data.rows.length).toBeGreaterThan(2);
      }
    });
  });
});
