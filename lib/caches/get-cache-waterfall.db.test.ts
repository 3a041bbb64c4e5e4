import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { queryCacheSampler } from "../answers/sample-query-cache.ts";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createHistory } from "../collector/history/history.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "../collector/sampling/catalogue.ts";
import { writeTotals } from "../collector/sampling/write-totals.ts";
import { closeSharedCache } from "../engines/open-shared-cache.ts";
import { replaceEnv } from "../env.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { databaseSampler } from "../workload/sample-database.ts";
import { getCacheWaterfall } from "./get-cache-waterfall.ts";

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let console: TestDatabase;
  let database: TestDatabase;
  let audit: AuditDb;
  const now = new Date(Math.floor(Date.now() / 10_000) * 10_000);
  const range = { from: new Date(now.getTime() - 120_000), to: now };
  const instances = async () => [];

  beforeAll(async () => {
    [console, database] = await Promise.all([
      createDatabase({ template: "console" }),
      createDatabase({ server, template: "empty" }),
    ]);
    await createPartitions(console.sql, new Date());
    audit = connect({
      target: "t",
      urls: { watch: await database.login(["pg_monitor"]) },
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    });
  });
  afterAll(async () => {
    replaceEnv({});
    await closeSharedCache();
    await audit?.close();
    await Promise.all([console?.drop(), database?.drop()]);
  });

  const waterfall = () =>
    getCacheWaterfall({ audit, history: createHistory(console.sql), instances, now }, range);

  test("before anything was sampled every step is unknown, not zero", async () => {
    const { data } = await waterfall();
    expect(data).toMatchObject({ queryCache: null, sharedBuffers: null, windowSeconds: 120 });
    expect(data.disk).toMatchObject({ meanMs: null, totalMs: null, timing: { code: "not_configured" } });
    expect(data.disk.timing?.enable).toContain("track_io_timing");
    expect(data.redis).toMatchObject({ code: "not_configured" });
    const [row] = await database.sql`
      select pg_size_bytes(current_setting('shared_buffers'))::float8 as bytes, current_setting('block_size')::int as block`;
    expect([data.sharedBuffersBytes, data.blockSizeBytes]).toEqual([row?.bytes, row?.block]);
  });

  test("steps are the growth of the counters, and the rest of the range stays uncovered", async () => {
    const catalogue = createCatalogue(console.sql);
    const write = (sampler: typeof databaseSampler | typeof queryCacheSampler, age: number, values: object) =>
      writeTotals(console.sql, catalogue, {
        target: "t",
        sampler,
        slot: now.getTime() - age * 1_000,
        at: now.getTime() - age * 1_000,
        values: values as Record<string, number>,
        countsSince: null,
      });
    for (const [age, hit, read, asked] of [
      [30, 1_000, 100, 10],
      [20, 1_900, 200, 14],
      [10, 2_800, 300, 18],
    ] as const) {
      await write(databaseSampler, age, { "database.blksHit": hit, "database.blksRead": read });
      await write(queryCacheSampler, age, {
        "queryCache.hits": asked,
        "queryCache.joined": asked / 2,
        "queryCache.revalidated": asked / 2,
        "queryCache.sharedHits": asked * 2,
        "queryCache.misses": asked,
      });
    }
    const { data, countsSince } = await waterfall();
    expect(data.sharedBuffers).toMatchObject({ coveredSeconds: 20 });
    expect(data.sharedBuffers?.answered).toBeCloseTo(1_800, 3);
    expect(data.sharedBuffers?.passed).toBeCloseTo(200, 3);
    expect(data.queryCache?.answered).toBeCloseTo(16, 3);
    expect(data.queryCache?.passed).toBeCloseTo(24, 3);
    replaceEnv({ REDIS_URL: "redis://127.0.0.1:1" });
    const { redis } = (await waterfall()).data;
    // What memory let through is what Redis was asked for.
    expect(redis).toMatchObject({
      state: "connecting",
      step: { answered: 16, passed: 8, coveredSeconds: 20 },
    });
    expect(data.disk.meanMs).toBeNull();
    expect(countsSince).toBeInstanceOf(Date);
  });
});
