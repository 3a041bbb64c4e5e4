import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import type { Limits } from "../check.ts";
import { createHistory } from "../collector/history/history.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "../collector/sampling/catalogue.ts";
import { writeTotals } from "../collector/sampling/write-totals.ts";
import { getTiles } from "../overview/get-tiles.ts";
import { type Cluster, startCluster } from "../testing/cluster.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { never } from "../testing/history.ts";
import { judge, stateOf } from "../testing/judge.ts";
import { databaseSampler } from "../workload/sample-database.ts";
import { bufferHitRatio } from "./check-hit-ratio.ts";
import { readCost } from "./check-read-cost.ts";
import { getBufferCacheHits } from "./get-buffer-cache-hits.ts";
import { getReadLatency } from "./get-read-latency.ts";
import { bufferThresholds } from "./thresholds.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };

describe.each([15, 18] as const)("what reads cost on PostgreSQL %i", (version) => {
  let cluster: Cluster;
  let console_: TestDatabase;
  let sql: Sql;
  const engines: AuditDb[] = [];

  beforeAll(async () => {
    // 1 MB of shared_buffers: of 25 MB hardly a block is found there.
    cluster = await startCluster(version, { shared_buffers: "1MB" });
    sql = postgres(cluster.url, { max: 1, onnotice: () => {} });
    await sql`create table cold as select i, repeat('x', 200) as t from generate_series(1, 100000) i`;
    console_ = await createDatabase({ template: "console" });
  });
  afterAll(async () => {
    await Promise.all(engines.map((audit) => audit.close()));
    await sql?.end();
    await cluster?.destroy();
    await console_?.drop();
  });

  /** Twenty sessions that are active half a second each, so that there is time to judge the share of. */
  async function beBusy(): Promise<void> {
    const clients = Array.from({ length: 20 }, () => postgres(cluster.url, { max: 1, onnotice: () => {} }));
    await Promise.all(clients.map((client) => client`select pg_sleep(0.5)`));
    await Promise.all(clients.map((client) => client.end()));
  }

  /** Five minutes of samples of a target, in the middle of which the table is read. */
  async function readCold(target: string, { busy = false } = {}) {
    const audit = connect({ target, urls: { watch: cluster.url }, logger });
    engines.push(audit);
    const catalogue = createCatalogue(console_.sql);
    const end = Math.floor(Date.now() / 10_000) * 10_000;
    await createPartitions(console_.sql, new Date(end));
    const take = () => databaseSampler.sample(audit, { instances: never });
    const before = await take();
    if (busy) await beBusy();
    for (let i = 0; i < 25; i++) await sql`select count(t) from cold`;
    await sql.end();
    sql = postgres(cluster.url, { max: 1, onnotice: () => {} });
    await expect
      .poll(
        async () => {
          const { values } = await take();
          const grew = (name: string) => Number(values[name]) - Number(before.values[name]);
          return grew("database.tupReturned") > 2_000_000 && grew("database.activeMs") > (busy ? 10_000 : 0);
        },
        { timeout: 30_000 },
      )
      .toBe(true);
    const after = await take();
    for (let slot = end - 300_000; slot <= end; slot += 10_000) {
      const { values, countsSince } = slot > end - 150_000 ? after : before;
      const sampled = { slot, at: slot, values, countsSince: countsSince ?? null };
      await writeTotals(console_.sql, catalogue, { target, sampler: databaseSampler, ...sampled });
    }
    const history = createHistory(console_.sql, () => end);
    const grown = (name: string) => (after.values[name] ?? 0) - (before.values[name] ?? 0);
    /** Half an hour later, in which nobody reads it again. */
    const quietLater = async () => {
      const later = end + 1_800_000;
      const { values, countsSince } = await take();
      for (let slot = later - 1_500_000; slot <= later; slot += 10_000) {
        const sampled = { slot, at: slot, values, countsSince: countsSince ?? null };
        await writeTotals(console_.sql, catalogue, { target, sampler: databaseSampler, ...sampled });
      }
      return { history: createHistory(console_.sql, () => later), now: new Date(later) };
    };
    return { audit, history, now: new Date(end), grown, quietLater };
  }

  test("a hit ratio near nothing is fine while reading costs little of the time; the time is judged", async () => {
    await sql`alter system set track_io_timing = on`;
    await sql`select pg_reload_conf()`;
    const { audit, history, now, grown } = await readCold("timed");
    const ratio = stateOf(await judge(bufferHitRatio, audit, { history, now }), "target");
    expect(ratio?.state).toBe("ok");
    expect(ratio?.value).toBeLessThan(bufferThresholds.hitShare.warning);
    const cost = stateOf(await judge(readCost, audit, { history, now }), "target");
    const share = grown("database.blkReadTimeMs") / grown("database.activeMs");
    expect(share).toBeGreaterThan(0);
    expect(cost?.value).toBeCloseTo(Math.min(1, share), 6);
    // A second of work in a quarter of an hour is nobody's concern, whatever it is spent on.
    expect(cost?.state).toBe("ok");
  });

  test("tile, Caches and checks have one hit ratio, one latency and one cost, which is found beyond its limit", async () => {
    const { audit, history, now, grown, quietLater } = await readCold("one", { busy: true });
    const range = { range: "1h" } as const;
    const [hits, latency, { tiles }] = await Promise.all([
      getBufferCacheHits({ audit, history, now }, range),
      getReadLatency({ audit, history, now }, range),
      getTiles({ audit, history, now }, range),
    ]);
    const tile = (id: string) => tiles.find((candidate) => candidate.id === id)?.value;
    const [found, read] = [grown("database.blksHit"), grown("database.blksRead")];
    expect(hits.data.share).toBeCloseTo(found / (found + read), 9);
    expect(tile("hitRatio")).toBe(hits.data.share);
    expect(stateOf(await judge(bufferHitRatio, audit, { history, now }), "target")?.value).toBeCloseTo(
      found / (found + read),
      9,
    );
    expect(latency.data.meanMs).toBeCloseTo(grown("database.blkReadTimeMs") / read, 9);
    expect(tile("readLatency")).toBe(latency.data.meanMs);
    const cost = grown("database.blkReadTimeMs") / grown("database.activeMs");
    const costly = async (limits: Limits) =>
      stateOf(await judge(readCost, audit, { history, now, limits }), "target");
    expect(await costly({ warning: cost / 2, critical: cost * 2 })).toMatchObject({
      state: "warning",
      value: expect.closeTo(cost, 6),
    });
    expect((await costly({ warning: cost * 2, critical: null }))?.state).toBe("ok");
    const limits = { warning: cost / 2, critical: cost * 2 };
    const quiet = stateOf(await judge(readCost, audit, { ...(await quietLater()), limits }), "target");
    expect(quiet?.state).toBe("ok");
  });

  test("with track_io_timing off the ratio is a warning that says so, with the remedy", async () => {
    await sql`alter system set track_io_timing = off`;
    await sql`select pg_reload_conf()`;
    const { audit, history, now, quietLater } = await readCold("untimed");
    const ratio = stateOf(await judge(bufferHitRatio, audit, { history, now }), "target");
    expect(ratio).toMatchObject({
      state: "warning",
      words: {
        title: expect.stringMatching(/cost unknown: track_io_timing is off\.$/),
        detail: expect.stringContaining("ALTER SYSTEM SET track_io_timing = on; SELECT pg_reload_conf();"),
      },
    });
    expect(stateOf(await judge(readCost, audit, { history, now }), "target")).toMatchObject({
      state: "unavailable",
      unavailable: { code: "not_configured" },
    });
    const quiet = stateOf(await judge(bufferHitRatio, audit, await quietLater()), "target");
    expect(quiet?.state).toBe("ok");
  });
});
