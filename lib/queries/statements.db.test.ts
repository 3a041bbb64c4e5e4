import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditDb } from "../audit-db/types.ts";
import { createHistory } from "../collector/history/history.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "../collector/sampling/catalogue.ts";
import { createCostMeter } from "../collector/sampling/cost-sampler.ts";
import { createSamplerRun } from "../collector/sampling/run-sampler.ts";
import type { History } from "../collector/types.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { statesOf } from "../testing/look.ts";
import { type Statements, startStatements } from "../testing/statements.ts";
import { slowStatements } from "./check-slow.ts";
import { getStatementLabels } from "./get-labels.ts";
import { getQueryDetail } from "./get-query-detail.ts";
import { getStatements } from "./get-statements.ts";
import { getStatementStatus } from "./get-status.ts";
import { getTopQueries, type TopQueriesInput } from "./get-top-queries.ts";
import { queriesSamplers, sampleStatementTotals } from "./samplers.ts";

const base: TopQueriesInput = {
  range: { from: new Date(0), to: new Date(1) },
  orderBy: "totalTime",
  order: "desc",
  limit: 500,
  hideOwn: true,
  group: "statement",
};

describe.each([15, 18] as const)("statements on PostgreSQL %i", (server) => {
  let world: Statements;
  let console_: TestDatabase;
  let history: History;
  let clock = Date.now();

  beforeAll(async () => {
    world = await startStatements(server);
    // Stands for slow work: a statement that sleeps by its own words is none.
    await world.database.sql`
      create function nap(seconds float8) returns void language plpgsql as 'begin perform pg_sleep(seconds); end'`;
    console_ = await createDatabase({ template: "console" });
    await createPartitions(console_.sql, new Date(clock));
    history = createHistory(console_.sql, () => clock);
  });
  afterAll(async () => {
    await world?.close();
    await console_?.drop();
  });

  test("the status tells entries, limit and since when they count", async () => {
    const { open } = world;
    const { data, unavailable, countsSince } = await getStatementStatus(open());
    expect(unavailable).toBeUndefined();
    expect(data).toMatchObject({ installed: true, preloaded: true, seesAll: true, max: 5_000, track: "top" });
    expect(data.version).toBe(server === 18 ? "1.12" : "1.10");
    expect(data.entries).toBeGreaterThan(0);
    expect(countsSince).toBeInstanceOf(Date);
  });

  test("counters equal what the view says, and the totals equal their sum", async () => {
    const { database, app, open, keysLike } = world;
    await app`select count(*) from parts where note = ${"x"}`;
    const audit = open();
    const [key = ""] = await keysLike("select count(*) from parts where note%");
    const { data } = await getStatements(audit);
    const [view] = await database.sql`
      select calls::float8, total_exec_time as "totalExecMs", rows::float8, shared_blks_hit::float8 as "sharedBlksHit",
             wal_bytes::float8 as "walBytes"
      from pg_stat_statements where concat_ws('/', dbid, userid, queryid, toplevel::int) = ${key}`;
    const entry = data?.entries.find((e) => e.key === key);
    expect(entry?.values).toMatchObject(view ?? {});
    expect(entry?.countsSince instanceof Date).toBe(server === 18);
    const totals = await sampleStatementTotals(audit);
    const calls = data?.entries.reduce((sum, e) => sum + e.values.calls, 0);
    expect(totals.values["statements.calls"]).toBe(calls);
    expect(totals.values["statements.entries"]).toBe(data?.entries.length);
    expect(totals.values["statements.max"]).toBe(5_000);
  });

  test("labels tell text, role and database; only our role's tagged statements are our own", async () => {
    const { database, app, appName, watchUrl, open } = world;
    const audit = open();
    await audit.read({
      name: "queries.marker",
      source: "test",
      run: (sql) => sql`select 1 + 2 - 3 + 4 as marker_of_ours`,
    });
    await app.unsafe("select /* dashboard:queries.marker */ 1 - 2 - 3 as impostor");
    const rows = await database.sql<{ key: string }[]>`
      select concat_ws('/', dbid, userid, queryid, toplevel::int) as key from pg_stat_statements
      where query like '%marker_of_ours%' or query like '%impostor%'`;
    const labels = Object.values(
      (await getStatementLabels(audit, [...rows.map((r) => r.key), "others"])).labels,
    );
    const ours = labels.find((l) => l.query.includes("marker_of_ours"));
    const impostor = labels.find((l) => l.query.includes("impostor"));
    expect(ours).toMatchObject({ own: true, user: new URL(watchUrl).username, database: database.name });
    expect(impostor).toMatchObject({ own: false, user: appName });
  });

  test("before two samples exist the server's totals stand in, and say so", async () => {
    const { app, appName, open } = world;
    await app`select nap(0.05) as slow_marker`;
    const audit = open();
    const context = { audit, history, now: new Date() };
    const { data, countsSince } = await getTopQueries(context, { ...base, search: "slow_marker" });
    expect(data.basis).toBe("cumulative");
    expect(countsSince).toBeInstanceOf(Date);
    expect(data.queries[0]).toMatchObject({
      user: appName,
      text: "select nap($1) as slow_marker",
      own: false,
    });
    expect(data.queries[0]?.meanMs).toBeGreaterThan(49);
    expect(data.queries[0]?.previousFigure).toBeNull();
  });

  test("over a window only the growth counts, ranked, shared and compared; a real reset is a gap", async () => {
    const { database, app, appUrl, appName, watchUrl, open } = world;
    let current = open(watchUrl, "window");
    const audit: AuditDb = { ...current, read: (statement) => current.read(statement) };
    const context = { audit, history, now: new Date() };
    const sampler = queriesSamplers.find((s) => s.name === "statements");
    if (!sampler) throw new Error("no sampler");
    const run = createSamplerRun(sampler, {
      sql: console_.sql,
      audit,
      catalogue: createCatalogue(console_.sql),
      context: { instances: async () => [] },
      meter: createCostMeter(),
      clock: () => clock,
    });
    const started = Math.ceil(Date.now() / 3_600_000) * 3_600_000;
    await createPartitions(console_.sql, new Date(started));
    await createPartitions(console_.sql, new Date(started + 86_400_000));
    const sampleAt = async (minute: number) => {
      clock = started + minute * 60_000;
      // Another engine a sample: one engine's ten-second memory would give the same figures again.
      current = open(watchUrl, "window");
      expect(await run.take(clock, clock + 60_000)).toBe("stored");
    };
    await app`select nap(0.001), 1 as sleepy_marker`;
    await app`select nap(0.001), 1, 2 as often_marker`;
    const askEachMonth = async () => {
      for (const month of ["01", "02", "03"])
        await app.unsafe(`select count(*) as shape_marker from parts_2024_${month} where note = 'n'`);
    };
    await askEachMonth();
    for (let i = 0; i < 30; i++)
      await app`select count(note) as window_marker from parts where note = ${`${i}`}`;
    await sampleAt(0);
    for (let i = 0; i < 7; i++)
      await app`select count(note) as window_marker from parts where note = ${`${i}`}`;
    // Beside each other: what is counted is the time of each.
    const crowd = postgres(appUrl, { max: 4, prepare: false });
    await Promise.all(Array.from({ length: 4 }, () => crowd`select nap(1.2), 1 as sleepy_marker`));
    await Promise.all(Array.from({ length: 50 }, () => crowd`select nap(0.055), 1, 2 as often_marker`));
    await crowd.end();
    await askEachMonth();
    await sampleAt(1);
    clock = started + 2 * 60_000;
    const range = { from: new Date(started), to: new Date(started + 120_000) };
    const { data } = await getTopQueries(context, { ...base, range });
    expect(data.basis).toBe("window");
    const marker = data.queries.find((q) => q.text?.includes("window_marker"));
    expect(marker?.values.calls).toBe(7);
    expect(marker).toMatchObject({ user: appName, database: database.name, statements: 1 });
    // Statistics are the whole server's, and other tests run on it meanwhile.
    const ours = data.queries.filter((q) => q.database === database.name);
    expect(ours[0]?.text).toContain("sleepy_marker");
    expect(ours[0]?.share).toBeGreaterThan(ours[1]?.share ?? 1);
    expect(data.queries.reduce((sum, q) => sum + (q.share ?? 0), 0)).toBeLessThanOrEqual(1.000_001);
    const often = ours.find((q) => q.text?.includes("often_marker"));
    const states = await statesOf(slowStatements, { ...context, now: new Date(clock) });
    expect(states).toContainEqual([often?.key, "warning"]);
    const byCalls = await getTopQueries(context, {
      ...base,
      range,
      orderBy: "calls",
      search: "window_marker",
    });
    expect(byCalls.data).toMatchObject({ total: 1, queries: [{ figure: 7 }] });
    const shapes = await getTopQueries(context, { ...base, range, group: "shape", search: "shape_marker" });
    expect(shapes.data.queries).toMatchObject([
      {
        statements: 3,
        text: "select count(*) as shape_marker from parts_* where note = $1",
        values: { calls: 3 },
      },
    ]);
    const own = await getTopQueries(context, { ...base, range, hideOwn: false });
    expect(own.data.queries.some((q) => q.own)).toBe(true);
    expect(data.queries.some((q) => q.own)).toBe(false);

    const detail = await getQueryDetail(context, { key: marker?.key ?? "", range });
    expect(detail.data).toMatchObject({ user: appName, text: expect.stringContaining("window_marker") });
    expect(detail.data.counters?.calls).toBe(37);
    const rates = detail.data.history.series.calls?.flatMap(([, rate]) => (rate === null ? [] : [rate]));
    const counted = (rates ?? []).reduce((sum, rate) => sum + rate * detail.data.history.stepSeconds, 0);
    expect(counted).toBeCloseTo(7, 1);

    const down = { ...context, audit: open("postgres://nobody@127.0.0.1:1/nothing", "window") };
    const outage = await getTopQueries(down, { ...base, range, search: "window_marker" });
    expect(outage.stale?.reason).toMatch(/nothing listens/);
    expect(outage.data.queries).toMatchObject([{ user: appName, values: { calls: 7 } }]);
    expect((await getQueryDetail(down, { key: marker?.key ?? "", range })).data).toMatchObject({
      counters: null,
      formatted: expect.stringContaining("window_marker"),
    });

    await database.sql`
      select pg_stat_statements_reset(${appName}::regrole, (select oid from pg_database where datname = current_database()), 0)`;
    for (let i = 0; i < 3; i++)
      await app`select count(note) as window_marker from parts where note = ${`${i}`}`;
    await sampleAt(2);
    clock = started + 3 * 60_000;
    const after = await getQueryDetail(context, {
      key: marker?.key ?? "",
      range: { from: new Date(started + 120_000), to: new Date(started + 180_000) },
    });
    const spikes = after.data.history.series.calls?.filter(
      ([, rate]) => (rate ?? 0) < 0 || (rate ?? 0) > 0.06,
    );
    expect(spikes).toEqual([]);
    expect(after.data.counters?.calls).toBe(3);

    // A day later, in which nobody called it.
    await createPartitions(console_.sql, new Date(started + 2 * 86_400_000));
    for (const minute of [25 * 60, 25 * 60 + 1]) await sampleAt(minute);
    const quiet = await statesOf(slowStatements, { ...context, now: new Date(clock + 60_000) });
    expect(quiet.filter(([key]) => key === often?.key)).toEqual([]);
  });
});
