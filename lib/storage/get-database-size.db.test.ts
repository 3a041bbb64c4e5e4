import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { getDatabaseSize } from "./get-database-size.ts";
import { storageSamplers } from "./samplers.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  const open: AuditDb[] = [];
  const watch = async (groups: string[]) => {
    const audit = connect({ target: "t", urls: { watch: await database.login(groups) }, logger: quiet });
    open.push(audit);
    return audit;
  };

  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
    await database.sql`create table filler as select repeat('x', 500) as text from generate_series(1, 5000)`;
    await database.sql`checkpoint`;
  });
  afterAll(async () => {
    await Promise.all(open.map((audit) => audit.close()));
    await database?.drop();
  });

  test("equals pg_database_size within one percent, with the WAL for members of pg_monitor", async () => {
    const { data } = await getDatabaseSize(await watch(["pg_monitor"]));
    const [direct] = await database.sql<{ bytes: number; wal: number }[]>`
      select pg_database_size(current_database())::float8 as bytes,
             (select sum(size)::float8 from pg_ls_waldir()) as wal`;
    expect(Math.abs(data.databaseBytes - (direct?.bytes ?? 0))).toBeLessThan((direct?.bytes ?? 0) / 100);
    expect(data.walBytes).toBeGreaterThan(0);
    expect((data.walBytes ?? 0) % 1_048_576).toBe(0);
  });

  test("without pg_monitor the WAL is unknown, not zero, and the sample has a gap", async () => {
    const audit = await watch([]);
    const { data } = await getDatabaseSize(audit);
    expect(data.databaseBytes).toBeGreaterThan(0);
    expect(data.walBytes).toBeNull();
    const [sampler] = storageSamplers;
    if (sampler?.form !== "totals") throw new Error("the storage sampler samples totals");
    const { values } = await sampler.sample(audit, { instances: async () => [] });
    expect(values).toEqual({ "storage.databaseBytes": data.databaseBytes, "storage.walBytes": null });
    expect(Object.keys(values)).toEqual(sampler.series.map((s) => s.name));
  });
});
