import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createHistory } from "../collector/history/history.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "../collector/sampling/catalogue.ts";
import { recordEvent } from "../collector/sampling/record-event.ts";
import { writeTotals } from "../collector/sampling/write-totals.ts";
import type { Sampler } from "../collector/types.ts";
import { connectionSampler } from "../connections/sample-connections.ts";
import { createCheckStore } from "../evaluation/check-store.ts";
import type { RangeInput } from "../read.ts";
import { storageSamplers } from "../storage/samplers.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { databaseSampler } from "../workload/sample-database.ts";
import { getOverview } from "./get-overview.ts";
import { getTimeline } from "./get-timeline.ts";
import type { Tile, TileId } from "./types.ts";

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const noUpkeep = async () => [];
const unwatched = { looks: async () => [], duties: async () => [] };
const noInstances = async () => [];
const range = { range: "15m" } as const;

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let console: TestDatabase;
  let audit: AuditDb;

  beforeAll(async () => {
    [database, console] = await Promise.all([
      createDatabase({ server, template: "audit" }),
      createDatabase({ template: "console" }),
    ]);
    await createPartitions(console.sql, new Date());
    audit = connect({
      target: "t",
      urls: { watch: await database.login(["pg_monitor", "audit_reader"]) },
      logger: quiet,
    });
  });
  afterAll(async () => {
    await audit?.close();
    await Promise.all([database?.drop(), console?.drop()]);
  });

  const overview = (of: AuditDb, now = new Date(), over: RangeInput = range) =>
    getOverview(
      {
        audit: of,
        history: createHistory(console.sql),
        checkStore: createCheckStore(console.sql),
        instances: noInstances,
        upkeep: noUpkeep,
        ...unwatched,
        now,
      },
      over,
    );
  const byId = (tiles: Tile[]) => Object.fromEntries(tiles.map((t) => [t.id, t])) as Record<TileId, Tile>;

  test("before anything was collected, live figures stand and the others say why they do not", async () => {
    const { data } = await overview(audit);
    const tiles = byId(data.tiles);
    const [direct] = await database.sql<{ usable: number; bytes: number; runwayDays: number }[]>`
      select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
               - coalesce(current_setting('reserved_connections', true)::int, 0) as usable,
             pg_database_size(current_database())::float8 as bytes,
             extract(epoch from (date_trunc('month', now() at time zone 'UTC') + interval '4 months')
               at time zone 'UTC' - now())::float8 / 86400 as "runwayDays"`;
    // Other tests come and go on this server: both are read until they are of one moment.
    await vi.waitFor(async () => {
      const [read, [now]] = await Promise.all([
        overview(audit),
        database.sql<{ used: number }[]>`
          select count(*)::int as used from pg_stat_activity where backend_type = 'client backend'`,
      ]);
      const { connections } = byId(read.data.tiles);
      expect(Math.abs((connections.value ?? 0) - (now?.used ?? 0))).toBeLessThanOrEqual(6);
    }, 20_000);
    expect(tiles.connections.max).toBe(direct?.usable);
    expect(Math.abs((tiles.size.value ?? 0) - (direct?.bytes ?? 0))).toBeLessThan(200_000);
    expect(tiles.partitionRunway.value).toBeCloseTo(direct?.runwayDays ?? 0, 1);
    expect(tiles.commits).toMatchObject({
      value: null,
      state: "unknown",
      unavailable: { code: "insufficient_data" },
    });
    expect(tiles.readLatency.unavailable?.enable).toContain("track_io_timing");
    expect(tiles.replicationLag).toMatchObject({ value: null, unavailable: { code: "not_configured" } });
    expect(data.collectingSince).toBeNull();
    expect(data.checked).toContain("connections");
    expect(data.findings.every((f) => f.title && f.detail && f.path)).toBe(true);
  });

  test("collected figures give commits per second, the hit ratio and their trends", async () => {
    const catalogue = createCatalogue(console.sql);
    const slot = Math.floor(Date.now() / 10_000) * 10_000;
    const before = await counters();
    await sampleAt(slot - 20_000);
    for (let i = 0; i < 60; i++) await database.sql`select count(*) from pg_class`;
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await database.sql`select pg_stat_clear_snapshot()`;
    await sampleAt(slot - 10_000);
    const after = await counters();

    const { data } = await overview(audit);
    const tiles = byId(data.tiles);
    const growth = after.commits - before.commits;
    expect(growth).toBeGreaterThanOrEqual(60);
    // Another sampler's own transactions lie between the two direct readings.
    expect(tiles.commits.value).toBeGreaterThan(0);
    expect((tiles.commits.value ?? 0) * 10).toBeLessThanOrEqual(growth + 1);
    // The newest sample, however long the range: not the mean of its last step.
    const month = await overview(audit, new Date(), { range: "30d" });
    expect(byId(month.data.tiles).commits.value).toBe(tiles.commits.value);
    expect(tiles.hitRatio.value).toBeGreaterThan(0);
    expect(tiles.hitRatio.value).toBeLessThanOrEqual(1);
    expect(tiles.connections.spark.some(([, value]) => value !== null && value > 0)).toBe(true);
    expect(data.collectingSince).not.toBeNull();

    async function sampleAt(at: number) {
      for (const sampler of [databaseSampler, connectionSampler, ...storageSamplers] as Sampler[]) {
        if (sampler.form !== "totals") continue;
        const { values, countsSince } = await sampler.sample(audit, { instances: noInstances });
        const aligned = Math.floor(at / (sampler.everySeconds * 1_000)) * sampler.everySeconds * 1_000;
        await writeTotals(console.sql, catalogue, {
          target: "t",
          sampler,
          slot: aligned,
          at: aligned,
          values,
          countsSince: countsSince ?? null,
        });
      }
    }
    async function counters() {
      const [row] = await database.sql<{ commits: number }[]>`
        select xact_commit::float8 as commits from pg_stat_database where datname = current_database()`;
      return row ?? { commits: 0 };
    }
  });

  test("a session that is idle in a transaction too long would be found; a quiet database is not called critical", async () => {
    const { data } = await overview(audit);
    // The servers of the tests keep nothing over a crash, and that is found.
    const critical = data.findings.filter(({ severity }) => severity === "critical");
    expect(critical.map(({ check }) => check)).toEqual([
      "maintenance.fsync_off",
      "maintenance.full_page_writes_off",
    ]);
  });

  test("without pg_monitor the checks that could not look are findings, and the verdict is not OK", async () => {
    const plain = connect({ target: "t", urls: { watch: await database.login([]) }, logger: quiet });
    try {
      const { data } = await overview(plain);
      expect(data.findings.filter((f) => f.unavailable?.code === "no_grant").length).toBeGreaterThan(0);
      expect(data.verdict.state).not.toBe("ok");
    } finally {
      await plain.close();
    }
  });

  test("events of the collector are the timeline", async () => {
    const at = new Date(Date.now() - 60_000);
    await recordEvent(console.sql, "t", {
      at,
      endedAt: null,
      kind: "restart",
      severity: "warning",
      title: "The server restarted.",
      detail: {},
    });
    const now = new Date();
    const past = { from: new Date(now.getTime() - 900_000), to: now };
    const { data } = await getTimeline(audit, createHistory(console.sql), past, now);
    expect(data.events).toMatchObject([{ kind: "restart", title: "The server restarted.", at }]);
  });
});

test("an unreachable target is the verdict, every tile is empty, and nothing throws", async () => {
  const console = await createDatabase({ template: "console" });
  const audit = connect({ target: "gone", urls: { watch: "postgres://x@127.0.0.1:1/none" }, logger: quiet });
  try {
    const { data, stale } = await getOverview(
      {
        audit,
        history: createHistory(console.sql),
        checkStore: createCheckStore(console.sql),
        instances: noInstances,
        upkeep: noUpkeep,
        ...unwatched,
        now: new Date(),
      },
      range,
    );
    expect(data.verdict.state).toBe("down");
    expect(data.verdict.title).toMatch(/^gone has not answered/);
    expect(data.tiles.map((t) => t.value)).toEqual(Array(7).fill(null));
    expect(data.tiles.every((t) => t.state === "unknown")).toBe(true);
    expect(stale?.reason).toBeTruthy();
  } finally {
    await audit.close();
    await console.drop();
  }
});
