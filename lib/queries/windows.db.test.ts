import { setTimeout as sleep } from "node:timers/promises";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createHistory } from "../collector/history/history.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { rollUp } from "../collector/roll-up/roll-up.ts";
import { createCatalogue } from "../collector/sampling/catalogue.ts";
import { createCostMeter } from "../collector/sampling/cost-sampler.ts";
import { createSamplerRun } from "../collector/sampling/run-sampler.ts";
import type { Cadence, Sampler } from "../collector/types.ts";
import { type Cluster, startCluster } from "../testing/cluster.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { statesOf } from "../testing/look.ts";
import { heavyStatements } from "./check-heavy.ts";
import { ownCost } from "./check-own-cost.ts";
import { getQueryDetail } from "./get-query-detail.ts";
import { getTopQueries, type TopQueries } from "./get-top-queries.ts";
import { queriesSamplers } from "./samplers.ts";
import { queryThresholds } from "./thresholds.ts";

/** pg_stat_statements.max cannot be less. */
const most = 100;
const minute = 60_000;
const logger = { debug() {}, info() {}, warn() {}, error() {} };

describe.each([15, 18] as const)("windows of statements on PostgreSQL %i", (version) => {
  let cluster: Cluster;
  let console_: TestDatabase;
  let sql: Sql;
  const engines: AuditDb[] = [];

  beforeAll(async () => {
    cluster = await startCluster(version, { "pg_stat_statements.max": `${most}` });
    sql = postgres(cluster.url, { max: 3, prepare: false, onnotice: () => {} });
    await sql`create extension pg_stat_statements`;
    console_ = await createDatabase({ template: "console" });
  });
  afterAll(async () => {
    await Promise.all(engines.map((audit) => audit.close()));
    await sql?.end();
    await cluster?.destroy();
    await console_?.drop();
  });

  /** Samples of the statements of a target of this name, taken when they are asked for. */
  function sampling(target: string, everySeconds: number) {
    let now = Date.now();
    const audit = connect({ target, urls: { watch: cluster.url }, logger });
    engines.push(audit);
    const statements = queriesSamplers.find(({ name }) => name === "statements") as Sampler;
    const run = createSamplerRun(
      {
        ...statements,
        name: `statements${everySeconds === 60 ? "" : target}`,
        everySeconds: everySeconds as Cadence,
      },
      {
        sql: console_.sql,
        audit,
        catalogue: createCatalogue(console_.sql),
        context: { instances: async () => [] },
        meter: createCostMeter(),
        clock: () => now,
      },
    );
    const stored = createHistory(console_.sql, () => now);
    const history: typeof stored = {
      ...stored,
      topObjects: (of, _, ...rest) => stored.topObjects(of, run.sampler.name, ...rest),
      labels: (of, _, keys) => stored.labels(of, run.sampler.name, keys),
    };
    const context = () => ({ audit, history, now: new Date(now) });
    let slot = 0;
    const take = async (at: number) => {
      now = at;
      // The engine remembers its answer for ten seconds.
      await audit.dropAnswers({ tags: ["*"] });
      // Each in a slot of its own, also where the one before is not over yet.
      const step = everySeconds * 1_000;
      slot = Math.max(Math.floor(at / step) * step, slot + step);
      await createPartitions(console_.sql, new Date(slot));
      expect(await run.take(slot, Number.POSITIVE_INFINITY)).toBe("stored");
    };
    return {
      context,
      take,
      takeNow: () => take(Date.now()),
      top(from: number, to: number, search?: string): Promise<TopQueries> {
        now = Math.max(now, to);
        const range = { from: new Date(from), to: new Date(to) };
        return getTopQueries(context(), {
          ...{ range, orderBy: "totalTime", order: "desc", limit: 500, hideOwn: true, group: "statement" },
          ...(search && { search }),
        }).then(({ data }) => data);
      },
    };
  }

  const callsOf = ({ queries }: TopQueries, text: string) =>
    queries.find((query) => query.text?.includes(text))?.values.calls ?? null;

  async function call(text: string, times: number): Promise<void> {
    for (let i = 0; i < times; i++) await sql.unsafe(text);
  }

  /** Two samples a day later, between which nothing of it ran. */
  async function passDay(take: (at: number) => Promise<void>, begin: number): Promise<void> {
    for (const minutes of [25 * 60, 25 * 60 + 1]) await take(begin + minutes * minute + 100);
  }

  test("a window on whole minutes holds what ran in it, before and after it is rolled up to hours", async () => {
    const { take, top, context } = sampling("minutes", 60);
    // An hour that does not begin while the test runs.
    const begin = Math.ceil(Date.now() / 3_600_000 + 1) * 3_600_000;
    await call("select 1 as minute_marker", 1);
    await take(begin + 400);
    await call("select 1 as minute_marker", 2_400);
    await take(begin + minute + 300);
    await call("select 1 as minute_marker", 7);
    await take(begin + 2 * minute + 300);
    const held = await top(begin, begin + minute, "minute_marker");
    expect(callsOf(held, "minute_marker")).toBe(2_400);
    expect(held.sampled).toEqual({
      from: new Date(begin + 400),
      to: new Date(begin + minute + 300),
      missingShare: 0,
    });
    expect(callsOf(await top(begin + minute, begin + 2 * minute), "minute_marker")).toBe(7);
    const key = held.queries[0]?.key ?? "";
    const range = { from: new Date(begin), to: new Date(begin + 2 * minute) };
    const { data } = await getQueryDetail(context(), { key, range });
    expect(
      data.history.series.calls?.map(([at, rate]) => [(at - begin) / minute, Math.round((rate ?? 0) * 60)]),
    ).toEqual([
      [0, 2_404],
      [1, 7],
    ]);
    // Samples on the next hour end this one.
    for (let at = 3; at <= 60; at++) await take(begin + at * minute + 300);
    await createPartitions(console_.sql, new Date(begin + 2 * 3_600_000));
    await call("select 1 as minute_marker", 11);
    await take(begin + 61 * minute + 300);
    while (await rollUp(console_.sql, new Date(begin + 63 * minute)));
    const [rolled] = await console_.sql`
      select covered_seconds as "coveredSeconds" from history.object_slot_hour where slot = ${new Date(begin)}`;
    expect(rolled?.coveredSeconds).toBeCloseTo(3_599.9, 1);
    const hour = await top(begin, begin + 60 * minute, "minute_marker");
    expect(callsOf(hour, "minute_marker")).toBe(2_407);
    expect(hour.sampled?.missingShare).toBe(0);
    expect(callsOf(await top(begin, begin + 61 * minute), "minute_marker")).toBe(2_418);
    expect(callsOf(await top(begin + 60 * minute, begin + 61 * minute), "minute_marker")).toBe(11);
  });

  test("after a reset the figures are those since, and the total says what is missing", async () => {
    const { takeNow, top } = sampling("reset", 10);
    const begin = Date.now();
    await call("select 1, 2 as reset_marker", 5);
    await takeNow();
    await call("select 1, 2 as reset_marker", 20);
    const beforeSample = Date.now();
    await takeNow();
    const afterSample = Date.now();
    await call("select 1, 2 as reset_marker", 30);
    await sleep(600);
    const beforeReset = Date.now();
    await sql`select pg_stat_statements_reset()`;
    const afterReset = Date.now();
    await call("select 1, 2 as reset_marker", 40);
    await takeNow();
    const end = Date.now();
    const data = await top(begin, end + 1);
    expect(callsOf(data, "reset_marker")).toBe(60);
    const { from, to, missingShare } = data.sampled ?? {
      from: new Date(0),
      to: new Date(0),
      missingShare: 0,
    };
    const seconds = (to.getTime() - from.getTime()) / 1_000;
    // What ran from the last sample to the reset; times of the server are cut to whole milliseconds.
    expect(missingShare * seconds).toBeGreaterThan((beforeReset - afterSample - 2) / 1_000);
    expect(missingShare * seconds).toBeLessThan((afterReset - beforeSample + 2) / 1_000);
  });

  test("an entry that was evicted and came back counts from there, and the total says what it took along", async () => {
    const { takeNow, top } = sampling("evicted", 10);
    await sql`select pg_stat_statements_reset()`;
    const begin = Date.now();
    await call("select 1, 2, 3 as evicted_marker", 1);
    await takeNow();
    await call("select 1, 2, 3 as evicted_marker", 2);
    await takeNow();
    const evict = async () => {
      const gone = async () => {
        const [row] = await sql<{ gone: boolean }[]>`
          select not exists (select from pg_stat_statements where query like '%evicted_marker%'
                             and query not like '%pg_stat_statements%') as gone`;
        return row?.gone;
      };
      // Entries are evicted by how rarely they were called; each eviction takes twentieths, and ages the others.
      for (let round = 0; round < 100 && !(await gone()); round++)
        for (let width = 4; width < 2 * most + 4; width++)
          await sql.unsafe(`select ${Array.from({ length: width }, () => "1").join(", ")}`);
    };
    await call("select 1, 2, 3 as evicted_marker", 1);
    await evict();
    await call("select 1, 2, 3 as evicted_marker", 1);
    await takeNow();
    const data = await top(begin, Date.now() + 1);
    // Four ran. Before 17 nobody knows when an entry began anew, so what it says then starts the counting only.
    expect(callsOf(data, "evicted_marker")).toBe(version === 18 ? 3 : 2);
    expect(data.sampled?.missingShare).toBeGreaterThan(0);
    expect(data.sampled?.missingShare).toBeLessThan(1);
  });

  test("few calls that wait long for a lock are named, sleeping and maintenance are not", async () => {
    const { take, context } = sampling("locks", 60);
    // In the past, so that what begins now began since the first sample.
    const begin = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 2 * 3_600_000;
    await sql`select pg_stat_statements_reset()`;
    await sql`create table ledger (id int primary key, n int)`;
    await sql`insert into ledger select i, 0 from generate_series(1, 200000) i`;
    await take(begin + 100);
    const holder = postgres(cluster.url, { max: 1, onnotice: () => {} });
    for (let i = 0; i < 2; i++) {
      let waited: Promise<unknown> | undefined;
      await holder.begin(async (tx) => {
        await tx`update ledger set n = n + 1 where id = 1`;
        waited = sql.unsafe("update ledger set n = n + 2, id = 1 where id = 1").then();
        const waiting = () => sql`select from pg_stat_activity where wait_event_type = 'Lock'`;
        await expect.poll(async () => (await waiting()).length, { interval: 20 }).toBe(1);
        await sleep(1_200);
      });
      await waited;
    }
    await holder.end();
    await sql`select pg_sleep(3)`;
    await sql`vacuum full ledger`;
    await sql`copy (select * from ledger) to program 'cat > /dev/null'`;
    await call("select count(*) from ledger where id <= 50000", 40);
    await take(begin + minute + 100);
    // A minute says nothing of a day, and a quarter of an hour is not waited for here.
    const early = await statesOf(heavyStatements, context());
    expect(early.map(([, state]) => state)).toEqual(["unavailable"]);
    const least = vi.spyOn(queryThresholds, "leastSampledSeconds", "get").mockReturnValue(60);
    const bad = (await statesOf(heavyStatements, context())).filter(([, state]) => state !== "ok");
    expect(bad).toEqual([[expect.any(String), "critical"]]);
    const { data } = await getQueryDetail(context(), {
      key: bad[0]?.[0] ?? "",
      range: { from: new Date(begin), to: new Date(begin + minute) },
    });
    expect(data.text).toContain("update ledger set n = n +");
    await passDay(take, begin);
    expect((await statesOf(heavyStatements, context())).filter(([, state]) => state !== "ok")).toEqual([]);
    least.mockRestore();
  });

  test("what the console's own statements cost is told once it is worth it", async () => {
    const { take, context } = sampling("own", 60);
    const begin = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 2 * 3_600_000;
    await sql`select pg_stat_statements_reset()`;
    await take(begin + 100);
    await context().audit.use("watch", "test.sleep", (own) => own`select pg_sleep(1.5)`);
    await take(begin + minute + 100);
    const least = vi.spyOn(queryThresholds, "leastSampledSeconds", "get").mockReturnValue(60);
    expect((await statesOf(ownCost, context())).map(([, state]) => state)).toEqual(["critical"]);
    await passDay(take, begin);
    expect((await statesOf(ownCost, context())).map(([, state]) => state)).toEqual(["ok"]);
    least.mockRestore();
  });
});
