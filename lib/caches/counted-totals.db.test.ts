import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditDb } from "../audit-db/types.ts";
import { bufferHitRatio } from "../buffers/check-hit-ratio.ts";
import { buffersChecks } from "../buffers/checks.ts";
import { getBufferCacheHits } from "../buffers/get-buffer-cache-hits.ts";
import { getReadLatency } from "../buffers/get-read-latency.ts";
import { checkpointSampler } from "../buffers/sample-checkpoints.ts";
import { walSampler } from "../buffers/sample-wal.ts";
import { createHistory } from "../collector/history/history.ts";
import { writeTotals } from "../collector/sampling/write-totals.ts";
import type { TotalsSampler } from "../collector/types.ts";
import { checksumFailures } from "../maintenance/check-checksums.ts";
import { type CountedServer, startCountedServer } from "../testing/counted-server.ts";
import { findingsOf, statesOf } from "../testing/look.ts";
import { deadlocks } from "../workload/check-deadlocks.ts";
import { workloadChecks } from "../workload/checks.ts";
import { databaseSampler } from "../workload/sample-database.ts";

const noInstances = { instances: async () => [] };

/** Stores a real sample as though it had been taken at `slot`. */
async function record(
  { console, catalogue, target }: CountedServer,
  sampler: TotalsSampler,
  audit: AuditDb,
  slot: number,
): Promise<void> {
  const { values, countsSince } = await sampler.sample(audit, noInstances);
  await writeTotals(console.sql, catalogue, {
    target,
    sampler,
    slot,
    at: slot,
    values,
    countsSince: countsSince ?? null,
  });
}

type Sample = Awaited<ReturnType<typeof databaseSampler.sample>>;

/** Five minutes in which nothing happened, and then all that lies between two samples, as a check looks at it. */
async function collected(
  { console, catalogue, monitor }: CountedServer,
  target: string,
  { before, after }: { before: Sample; after: Sample },
) {
  const end = Math.floor(Date.now() / 10_000) * 10_000;
  for (let slot = end - 310_000; slot < end; slot += 10_000) {
    const { values, countsSince } = slot < end - 10_000 ? before : after;
    await writeTotals(console.sql, catalogue, {
      ...{ target, sampler: databaseSampler, slot, at: slot, values },
      countsSince: countsSince ?? null,
    });
  }
  const history = createHistory(console.sql, () => end);
  const audit = { ...monitor, target };
  /** As it is twenty minutes later, when nothing more has happened. */
  const later = async () => {
    const now = end + 1_200_000;
    const { values, countsSince } = after;
    for (let slot = end; slot < now; slot += 10_000)
      await writeTotals(console.sql, catalogue, {
        ...{ target, sampler: databaseSampler, slot, at: slot, values },
        countsSince: countsSince ?? null,
      });
    return { audit, history: createHistory(console.sql, () => now), now: new Date(now) };
  };
  return { look: { audit, history, now: new Date(end) }, later };
}

describe.each([15, 18] as const)("on PostgreSQL %i", (server) => {
  let given: CountedServer;

  beforeAll(async () => {
    given = await startCountedServer(server);
  });
  afterAll(() => given?.close());

  test("a deadlock is counted, and found", async () => {
    const { database, monitor } = given;
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
    const { look, later } = await collected(given, `deadlocked-${server}`, { before, after });
    expect(await findingsOf([deadlocks], look)).toMatchObject([
      { severity: "warning", value: 1, title: "1 deadlock was broken in the last 5 min." },
    ]);
    expect(await statesOf(deadlocks, await later())).toEqual([["target", "ok"]]);
  });

  test("the hit ratio over time is the growth of pg_stat_database, and silence is a gap", async () => {
    const { target, console, database, monitor, flushed } = given;
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
      await record(given, sampler, monitor, end - 20_000);
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
      await record(given, sampler, monitor, end - 10_000);
    }
    const last = await counters();

    const now = new Date(end);
    const history = createHistory(console.sql, () => end);
    const context = { audit: monitor, history, now, instances: async () => [] };
    const range = { from: new Date(end - 60_000), to: now };
    const { data } = await getBufferCacheHits(context, range);
    const points = new Map(data.series["database.hitRatio"]);
    const [hit, read] = [after.hit - before.hit, after.read - before.read];
    expect(hit).toBeGreaterThan(1_000);
    // It ran between the two samples: in the step that began with the first.
    expect(points.get(end - 20_000)).toBeCloseTo(hit / (hit + read), 1);
    expect(points.get(end - 10_000)).toBeNull();
    expect(data.share).toBeCloseTo(hit / (hit + read), 1);
    const counted = (data.series["database.blksHit"] ?? []).find(([at]) => at === end - 20_000)?.[1] ?? 0;
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
    const grown = (name: string) => 10 * (rates.series[name]?.find(([at]) => at === end - 20_000)?.[1] ?? -1);
    expect(grown("database.tempFiles")).toBeCloseTo(after.temp - before.temp);
    expect(grown("database.tempFiles")).toBeGreaterThan(10);
    expect(grown("database.rollbacks")).toBeGreaterThanOrEqual(1);
    expect(grown("database.inserted")).toBeCloseTo(2_000);
    expect(grown("wal.bytes")).toBeGreaterThan(50_000);
    expect(grown("checkpoint.timed")).toBeGreaterThanOrEqual(0);
    expect(rates.units["wal.bytes"]).toBe("bytesPerSecond");
  });

  test("the checks judge what was collected, each object with its figure, and find what goes beyond", async () => {
    const { database, monitor, flushed } = given;
    const before = await databaseSampler.sample(monitor, noInstances);
    await flushed(async (sql) => {
      await sql`set work_mem = '64kB'`;
      for (let i = 0; i < 12; i += 1)
        await sql`select * from events order by md5(body || at) limit 1 offset 19000`;
      for (let i = 0; i < 220; i += 1) await sql.unsafe("begin; select 1; rollback");
    });
    const after = await databaseSampler.sample(monitor, noInstances);
    const { look, later: quiet } = await collected(given, `judged-${server}`, { before, after });
    const counted = [...workloadChecks, ...buffersChecks];
    const limits = { "buffers.hit_ratio": { warning: 1.01, critical: 0 } };
    const findings = await findingsOf(counted, { ...look, limits });
    expect(findings.map(({ check, severity }) => [check, severity])).toEqual([
      ["workload.rollbacks", "critical"],
      ["workload.temp_files", "warning"],
    ]);
    const grown = (name: string) => (after.values[name] ?? 0) - (before.values[name] ?? 0);
    const files = findings.find((f) => f.check === "workload.temp_files");
    expect(files?.value).toBe(grown("database.tempFiles"));
    expect(files?.title).toMatch(/^\d+ temporary files \(\d+ MB\) were written in the last 5 min\.$/);
    const rolledBack = findings.find((f) => f.check === "workload.rollbacks");
    const [commits, rollbacks] = [grown("database.commits"), grown("database.rollbacks")];
    expect(rolledBack?.value).toBeCloseTo(rollbacks / (rollbacks + commits));
    expect(await statesOf(bufferHitRatio, look)).toEqual([["target", "ok"]]);
    expect(await statesOf(deadlocks, look)).toEqual([["target", "ok"]]);
    const [direct] = await database.sql<
      { on: boolean }[]
    >`select current_setting('data_checksums') = 'on' as on`;
    const sums = await statesOf(checksumFailures, look);
    if (direct?.on) expect(sums).toContainEqual([database.name, "ok"]);
    else expect(sums).toEqual([["target", "unavailable"]]);
    expect(await findingsOf(counted, await quiet())).toEqual([]);
  });

  test("rates that were not collected are told for each check, never OK", async () => {
    const { console, monitor } = given;
    const history = createHistory(console.sql);
    const elsewhere = { ...monitor, target: "never-collected" };
    const counted = [...workloadChecks, ...buffersChecks];
    const findings = await findingsOf(counted, { audit: elsewhere, history });
    expect(findings.map(({ check, unavailable }) => [check, unavailable?.code])).toEqual([
      ["workload.rollbacks", "insufficient_data"],
      ["workload.temp_files", "insufficient_data"],
      ["workload.deadlocks", "insufficient_data"],
      ["buffers.read_cost", "insufficient_data"],
      ["buffers.hit_ratio", "insufficient_data"],
    ]);
    expect(await statesOf(deadlocks, { audit: elsewhere, history })).toEqual([["target", "unavailable"]]);
    // Collected before, with samples missing now: that is not learning.
    const later = new Date(Date.now() + 3_600_000);
    const judged = { ...monitor, target: `judged-${server}` };
    expect(
      await statesOf(deadlocks, {
        audit: judged,
        history: createHistory(console.sql, () => +later),
        now: later,
      }),
    ).toEqual([["target", "no_data"]]);
  });

  test("read latency needs track_io_timing, and says how to turn it on", async () => {
    const { console, monitor, timed } = given;
    const end = Math.floor(Date.now() / 10_000) * 10_000;
    const history = createHistory(console.sql, () => end);
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
    const { plain } = given;
    for (const sampler of [databaseSampler, walSampler, checkpointSampler]) {
      const { values } = await sampler.sample(plain, noInstances);
      const given = Object.keys(values);
      expect(given.length).toBeGreaterThan(0);
      expect(sampler.series.map((series) => series.name)).toEqual(expect.arrayContaining(given));
      expect(Object.values(values).every((value) => typeof value === "number")).toBe(true);
    }
  });
});
