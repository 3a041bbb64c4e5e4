import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createHistory } from "../collector/history/history.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "../collector/sampling/catalogue.ts";
import { writeTotals } from "../collector/sampling/write-totals.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { getDatabaseGrowth } from "./get-database-growth.ts";
import { storageSamplers } from "./samplers.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let database: TestDatabase;
let console: TestDatabase;
let audit: AuditDb;

beforeAll(async () => {
  [database, console] = await Promise.all([
    createDatabase({ template: "empty" }),
    createDatabase({ template: "console" }),
  ]);
  audit = connect({ target: "t", urls: { watch: database.url }, logger: quiet });
});
afterAll(async () => {
  await audit?.close();
  await Promise.all([database?.drop(), console?.drop()]);
});

test("growth is the slope of the collected sizes, and not there before an hour of them is", async () => {
  const history = createHistory(console.sql);
  const catalogue = createCatalogue(console.sql);
  const [sampler] = storageSamplers;
  if (sampler?.form !== "totals") throw new Error("the storage sampler samples totals");
  const slotMs = 600_000;
  const last = Math.floor(Date.now() / slotMs) * slotMs;
  await createPartitions(console.sql, new Date(last - 12 * slotMs));
  await createPartitions(console.sql, new Date());
  const range = () => ({ from: new Date(last - 24 * slotMs), to: new Date() });
  const sizeAt = (index: number) => 1_000_000_000 + index * 1_000_000;
  const write = (index: number) =>
    writeTotals(console.sql, catalogue, {
      target: "t",
      sampler,
      slot: last - (11 - index) * slotMs,
      at: last - (11 - index) * slotMs,
      values: { "storage.databaseBytes": sizeAt(index), "storage.walBytes": null },
      countsSince: null,
    });

  const before = await getDatabaseGrowth(audit, history, range());
  expect(before.data.bytesPerDay).toBeNull();
  expect(before.unavailable).toMatchObject({
    code: "insufficient_data",
    reason: "No sizes have been collected yet.",
  });

  for (let index = 0; index < 4; index++) await write(index);
  const early = await getDatabaseGrowth(audit, history, range());
  expect(early.data.bytesPerDay).toBeNull();
  expect(early.unavailable?.reason).toMatch(/collecting since \d+ \w{3,4} \d{4}/);

  for (let index = 4; index < 12; index++) await write(index);
  const { data, unavailable } = await getDatabaseGrowth(audit, history, range());
  expect(unavailable).toBeUndefined();
  // A million bytes every ten minutes.
  expect(data.bytesPerDay).toBeCloseTo(144_000_000, -6);
  const [direct] = await database.sql<{ bytes: number }[]>`
    select pg_database_size(current_database())::float8 as bytes`;
  expect(Math.abs(data.databaseBytes - (direct?.bytes ?? 0))).toBeLessThan(200_000);
});
