import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { partitionedTables } from "./retention.ts";
import { createPartitions, dropExpiredPartitions } from "./roll-up/maintain-partitions.ts";
import { createCatalogue } from "./sampling/catalogue.ts";
import { writeTotals } from "./sampling/write-totals.ts";
import type { TotalsSampler } from "./types.ts";

const start = Date.UTC(2026, 0, 10, 3, 0, 0);
const hour = 3_600_000;
let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase({ template: "console" });
});
afterAll(() => database.drop());

const sampler: TotalsSampler = {
  name: "kept",
  everySeconds: 600,
  series: [{ name: "kept.level", kind: "gauge", unit: "count" }],
  sample: () => Promise.reject(new Error("not sampled here")),
};

test("partitions are made ahead by any number of processes at once, in any time zone, and again without harm", async () => {
  await database.sql.unsafe(`alter database ${database.name} set timezone = 'Pacific/Chatham'`);
  const created = await Promise.all([1, 2, 3].map(() => createPartitions(database.sql, new Date(start))));
  expect(created.flat().length).toBe(partitionedTables.length * 4);
  expect(new Set(created.flat()).size).toBe(created.flat().length);
  expect(await createPartitions(database.sql, new Date(start))).toEqual([]);
  const [bounds] = await database.sql.begin(async (tx) => {
    await tx`set local timezone = 'UTC'`;
    return tx`
      select pg_get_expr(relpartbound, oid) as bounds from pg_class
      where relname like 'total_raw_20260110t00%'`;
  });
  expect(bounds?.bounds).toBe("FOR VALUES FROM ('2026-01-10 00:00:00+00') TO ('2026-01-10 06:00:00+00')");
});

test("samples are dropped by whole partitions once all of one is past its retention, never earlier", async () => {
  const catalogue = createCatalogue(database.sql);
  const hours = 72;
  for (let h = 0; h <= hours; h++) {
    const at = start + h * hour;
    await createPartitions(database.sql, new Date(at));
    await writeTotals(database.sql, catalogue, {
      target: "a",
      sampler,
      slot: at,
      at,
      values: { "kept.level": h },
      countsSince: null,
    });
    await dropExpiredPartitions(database.sql, new Date(at));
  }
  const now = start + hours * hour;
  const kept = await database.sql<{ slot: Date }[]>`select slot from history.total_raw order by slot`;
  const oldestAge = (now - (kept[0]?.slot.getTime() ?? 0)) / hour;
  expect(kept.at(-1)?.slot.getTime()).toBe(now);
  expect(oldestAge).toBeGreaterThanOrEqual(48);
  expect(oldestAge).toBeLessThan(54 + 1);
  const [minutes] = await database.sql`
    select count(*)::int as partitions from pg_inherits where inhparent = 'history.total_minute'::regclass`;
  expect(minutes?.partitions).toBe(5);
  // Long pauses: everything expired goes at once, what is to come has its place.
  const later = new Date(now + 500 * 24 * hour);
  await createPartitions(database.sql, later);
  expect((await dropExpiredPartitions(database.sql, later)).length).toBeGreaterThan(10);
  expect(await database.sql`select from history.total_raw`).toEqual([]);
});
