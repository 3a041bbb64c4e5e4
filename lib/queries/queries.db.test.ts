import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createCatalogue } from "../collector/catalogue.ts";
import { createCostMeter } from "../collector/cost-sampler.ts";
import { createHistory } from "../collector/history.ts";
import { createPartitions } from "../collector/maintain-partitions.ts";
import { createSamplerRun } from "../collector/run-sampler.ts";
import type { History } from "../collector/types.ts";
import { startCluster } from "../testing/cluster.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { getQueryFindings } from "./get-findings.ts";
import { getStatementLabels } from "./get-labels.ts";
import { getQueryDetail } from "./get-query-detail.ts";
import { getQueryPlan } from "./get-query-plan.ts";
import { getRunningQueries } from "./get-running-queries.ts";
import { getStatements } from "./get-statements.ts";
import { getStatementStatus } from "./get-status.ts";
import { getTopQueries, type TopQueriesInput } from "./get-top-queries.ts";
import { planNodes } from "./plan-tree.ts";
import { queriesSamplers, sampleStatementTotals } from "./samplers.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const base: TopQueriesInput = {
  range: { from: new Date(0), to: new Date(1) },
  orderBy: "totalTime",
  order: "desc",
  limit: 500,
  hideOwn: true,
  group: "statement",
};

describe.each([15, 18] as const)("statements on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let console_: TestDatabase;
  let history: History;
  let watchUrl: string;
  let app: postgres.Sql;
  let clock = Date.now();
  const engines: AuditDb[] = [];
  const engine = (url = watchUrl, target = `t${engines.length}`) => {
    const audit = connect({ target, urls: { watch: url }, logger });
    engines.push(audit);
    return audit;
  };
  /** Keys of the statements of this database whose text matches. */
  const keysLike = async (pattern: string): Promise<string[]> => {
    const rows = await database.sql<{ key: string }[]>`
      select concat_ws('/', s.dbid, s.userid, s.queryid, s.toplevel::int) as key
      from pg_stat_statements s join pg_database d on d.oid = s.dbid
      where d.datname = current_database() and s.query like ${pattern} and s.userid = ${appName}::regrole
      order by s.total_exec_time desc`;
    return rows.map(({ key }) => key);
  };
  let appName: string;

  beforeAll(async () => {
    database = await createDatabase({ server, template: "empty" });
    console_ = await createDatabase({ template: "console" });
    await createPartitions(console_.sql, new Date(clock));
    history = createHistory(console_.sql, () => clock);
    await database.sql.unsafe(`
      create table parts (at timestamptz not null, note text) partition by range (at);
      create table parts_2024_01 partition of parts for values from ('2024-01-01') to ('2024-02-01');
      create table parts_2024_02 partition of parts for values from ('2024-02-01') to ('2024-03-01');
      create table parts_2024_03 partition of parts for values from ('2024-03-01') to ('2024-04-01');
      create schema hidden;
      create table hidden.secrets (id int primary key, word text);
      insert into parts select '2024-01-01'::timestamptz + i * interval '1 hour', 'n' from generate_series(1, 2000) i;
    `);
    const appUrl = await database.login();
    appName = new URL(appUrl).username;
    await database.sql.unsafe(`
      grant all on all tables in schema public to ${appName};
      grant usage on schema hidden to ${appName}; grant all on hidden.secrets to ${appName};`);
    app = postgres(appUrl, { max: 1, prepare: false, onnotice: () => {} });
    watchUrl = await database.login(["pg_monitor"]);
  });
  afterAll(async () => {
    await app.end();
    await Promise.all(engines.map((audit) => audit.close()));
    await Promise.all([database.drop(), console_.drop()]);
  });

  test("the status tells entries, limit and since when they count", async () => {
    const { data, unavailable, countsSince } = await getStatementStatus(engine());
    expect(unavailable).toBeUndefined();
    expect(data).toMatchObject({ installed: true, preloaded: true, seesAll: true, max: 5_000, track: "top" });
    expect(data.version).toBe(server === 18 ? "1.12" : "1.10");
    expect(data.entries).toBeGreaterThan(0);
    expect(countsSince).toBeInstanceOf(Date);
  });

  test("counters equal what the view says, and the totals equal their sum", async () => {
    await app`select count(*) from parts where note = ${"x"}`;
    const audit = engine();
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
    const audit = engine();
    await audit.read({
      name: "queries.marker",
      source: "test",
      run: (sql) => sql`select 1 + 2 - 3 + 4 as marker_of_ours`,
    });
    await app.unsafe("select /* dashboard:queries.marker */ 1 - 2 - 3 as impostor");
    const rows = await database.sql<{ key: string }[]>`
      select concat_ws('/', dbid, userid, queryid, toplevel::int) as key from pg_stat_statements
      where query like '%marker_of_ours%' or query like '%impostor%'`;
    const labels = Object.values(await getStatementLabels(audit, [...rows.map((r) => r.key), "others"]));
    const ours = labels.find((l) => l.query.includes("marker_of_ours"));
    const impostor = labels.find((l) => l.query.includes("impostor"));
    expect(ours).toMatchObject({ own: true, user: new URL(watchUrl).username, database: database.name });
    expect(impostor).toMatchObject({ own: false, user: appName });
  });

  test("before two samples exist the server's totals stand in, and say so", async () => {
    await app`select pg_sleep(0.05) as slow_marker`;
    const audit = engine();
    const context = { audit, history, now: new Date() };
    const { data, countsSince } = await getTopQueries(context, { ...base, search: "slow_marker" });
    expect(data.basis).toBe("cumulative");
    expect(countsSince).toBeInstanceOf(Date);
    expect(data.queries[0]).toMatchObject({
      user: appName,
      text: "select pg_sleep($1) as slow_marker",
      own: false,
    });
    expect(data.queries[0]?.meanMs).toBeGreaterThan(49);
    expect(data.queries[0]?.previousFigure).toBeNull();
  });

  test("over a window only the growth counts, ranked, shared and compared; a real reset is a gap", async () => {
    let current = engine(watchUrl, "window");
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
      current = engine(watchUrl, "window");
      expect(await run.take(clock, clock + 60_000)).toBe("stored");
    };
    await app`select pg_sleep(0.001), 1 as sleepy_marker`;
    await app`select pg_sleep(0.001), 1, 2 as often_marker`;
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
    await app`select pg_sleep(4.0), 1 as sleepy_marker`;
    for (let i = 0; i < 50; i++) await app`select pg_sleep(0.055), 1, 2 as often_marker`;
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
    const findings = await getQueryFindings({ ...context, now: new Date(clock) });
    expect(findings).toMatchObject([{ check: "queries.slow", severity: "warning" }]);
    expect(findings[0]?.title).toMatch(
      /^A statement takes 5\d ms on average more than 50 ms|^A statement takes [5-9]\d ms/,
    );
    expect(findings[0]?.detail).toContain("often_marker");
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

    const down = { ...context, audit: engine("postgres://nobody@127.0.0.1:1/nothing", "window") };
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
  }, 60_000);

  test("a plan is told without executing: tree, estimates, and the scan of all partitions", async () => {
    const reader = await database.login(["pg_monitor", "pg_read_all_data"]);
    const context = { audit: engine(reader), now: new Date() };
    await app`select sum(length(note)) as plan_marker from parts where note = ${"a"}`;
    await app`select count(*) as pruned_marker from parts where at >= ${new Date("2024-02-03")} and note = ${"a"}`;
    const [key = ""] = await keysLike("select sum(length(note)) as plan_marker%");
    const { data, unavailable } = await getQueryPlan(context, { key });
    expect(unavailable).toBeUndefined();
    expect(data.method).toBe(server === 18 ? "generic_plan" : "prepared_generic");
    const nodes = planNodes(data.plan ?? expect.fail("no plan"));
    expect(nodes.map((n) => n.node)).toEqual(["Aggregate", "Append", "Seq Scan", "Seq Scan", "Seq Scan"]);
    expect(nodes[2]?.relation).toBe("public.parts_2024_01");
    expect(data.plan?.totalCost).toBeGreaterThan(1);
    expect(data.warnings).toEqual([
      "Reads all 3 partitions of public.parts from end to end: nothing in the statement limits at.",
    ]);
    const [pruned = ""] = await keysLike("select count(*) as pruned_marker%");
    expect((await getQueryPlan(context, { key: pruned })).data.warnings).toEqual([]);
    // A second time on the same connection: nothing of the first is left behind.
    expect((await getQueryPlan(context, { key })).data.plan).toEqual(data.plan);
    const left = await context.audit.use(
      "watch",
      "test.left",
      (sql) => sql`select name from pg_prepared_statements where name = 'dashboard_plan'`,
    );
    expect(left).toHaveLength(0);
  });

  test("a plan without the grant names the grant, and giving it brings the plan", async () => {
    await app`select word from hidden.secrets where id = ${1}`;
    const [key = ""] = await keysLike("select word from hidden.secrets%");
    const context = { audit: engine(), now: new Date() };
    const { data, unavailable } = await getQueryPlan(context, { key });
    expect(data.plan).toBeNull();
    const role = new URL(watchUrl).username;
    expect(unavailable).toMatchObject({
      code: "no_grant",
      enable: `GRANT USAGE ON SCHEMA hidden TO ${role};\nGRANT SELECT ON hidden.secrets TO ${role};`,
    });
    await database.sql.unsafe(unavailable?.enable ?? "");
    const granted = await getQueryPlan(context, { key });
    expect(granted.data.plan?.index).toBe("secrets_pkey");
    await app`insert into hidden.secrets values (${1}, ${"x"}) on conflict do nothing`;
    const [insert = ""] = await keysLike("insert into hidden.secrets%");
    const write = await getQueryPlan(context, { key: insert });
    expect(write.unavailable).toMatchObject({
      code: "no_grant",
      enable: `GRANT SELECT, INSERT ON hidden.secrets TO ${role};`,
    });
    await database.sql.unsafe(
      `revoke all on hidden.secrets from ${role}; revoke all on schema hidden from ${role}`,
    );
  });

  test("what cannot be planned says why, in words that quote nothing of the statement", async () => {
    const reader = await database.login(["pg_monitor", "pg_read_all_data"]);
    const context = { audit: engine(reader), now: new Date() };
    const reasonOf = async (text: string, like: string) => {
      await app.unsafe(text);
      const [key = ""] = await keysLike(like);
      return (await getQueryPlan(context, { key })).unavailable?.reason;
    };
    expect(await reasonOf("set work_mem = '4MB'", "set work_mem%")).toMatch(/^Only SELECT/);
    await app.unsafe("create temp table fleeting (a int)");
    expect(await reasonOf("select a from fleeting where a = 4", "select a from fleeting%")).toMatch(
      /no longer exists/,
    );
    expect(
      await reasonOf(
        "select extract(hour from interval '7 hours') as odd_marker",
        "select extract%odd_marker",
      ),
    ).toMatch(/cannot be read back as SQL/);
    await expect(getQueryPlan(context, { key: "1/1/1/1" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(getQueryPlan(context, { key: "nonsense" })).rejects.toMatchObject({ code: "BAD_INPUT" });
  });

  test("a text that smuggles a second statement past us is refused by the server's protocol", async () => {
    const audit = engine();
    const refused = audit.use("watch", "test.smuggle", (sql) =>
      sql.begin("read only", async (tx) => {
        const options: { prepare: boolean; simple: boolean } = { prepare: false, simple: false };
        await tx.unsafe("select 1; commit; create table smuggled ()", [], options);
      }),
    );
    await expect(refused).rejects.toMatchObject({ code: "42601" });
    const [row] = await database.sql`select to_regclass('smuggled') is null as absent`;
    expect(row?.absent).toBe(true);
  });

  test("a queried statement runs in another database: the plan says where", async () => {
    const other = await createDatabase({ server, template: "empty" });
    await other.sql`select 1 as elsewhere_marker`;
    const [row] = await database.sql<{ key: string }[]>`
      select concat_ws('/', dbid, userid, queryid, toplevel::int) as key from pg_stat_statements
      where query like '%elsewhere_marker' limit 1`;
    const { unavailable } = await getQueryPlan({ audit: engine(), now: new Date() }, { key: row?.key ?? "" });
    expect(unavailable?.reason).toBe(
      `It ran in the database ${other.name}; the console is connected to ${database.name}.`,
    );
    await other.drop();
  });

  test("running queries are seen with what they wait for, secrets left out", async () => {
    const sleeper = postgres(database.url, { max: 1, connection: { application_name: "report-worker" } });
    const running = sleeper.unsafe("select pg_sleep(1.5), 'postgres://u:hunter2@h/d' as url").execute();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { data } = await getRunningQueries(engine(), { hideOwn: true });
    const seen = data.queries.find((q) => q.application === "report-worker");
    expect(seen).toMatchObject({
      state: "active",
      waitEvent: "PgSleep",
      database: database.name,
      own: false,
    });
    expect(seen?.text).not.toContain("hunter2");
    expect(data.enable).toBeNull();
    await running;
    await sleeper.end();
  });

  test("a role without grants is told the grant, and sees no made-up figures", async () => {
    const url = await database.login();
    const audit = engine(url);
    const role = new URL(url).username;
    const { data, unavailable } = await getTopQueries({ audit, history, now: new Date() }, base);
    expect(data.queries).toEqual([]);
    expect(unavailable).toMatchObject({ code: "no_grant", enable: `GRANT pg_read_all_stats TO ${role};` });
    const running = await getRunningQueries(audit, { hideOwn: false });
    expect(running.data.hiddenSessions).toBeGreaterThan(0);
    const findings = await getQueryFindings({ audit, history, now: new Date() });
    expect(findings).toMatchObject([
      { check: "queries.slow", severity: "notice", unavailable: { code: "no_grant" } },
    ]);
    await database.sql.unsafe(unavailable?.enable ?? "");
    expect((await getStatementStatus(engine(url))).unavailable).toBeUndefined();
  });

  test("without the extension the exact statement creates it, and the samplers record nothing", async () => {
    const bare = await createDatabase({ server, template: "empty" });
    await bare.sql`drop extension pg_stat_statements`;
    const url = await bare.login(["pg_monitor"]);
    const { data, unavailable } = await getStatementStatus(engine(url));
    expect(data).toMatchObject({ installed: false, preloaded: true });
    expect(unavailable).toMatchObject({ code: "not_installed" });
    expect((await getStatements(engine(url))).data).toBeNull();
    expect((await sampleStatementTotals(engine(url))).values).toEqual({});
    await bare.sql.unsafe(unavailable?.enable ?? "");
    expect((await getStatementStatus(engine(url))).unavailable).toBeUndefined();
    await Promise.all(engines.splice(-4).map((audit) => audit.close()));
    await bare.drop();
  });
});

test("a server that never preloaded the library is told the setting, with what is preloaded kept", async () => {
  const cluster = await startCluster(18, { shared_preload_libraries: "auto_explain" });
  const superuser = postgres(cluster.url, { max: 1, onnotice: () => {} });
  const audit = connect({ target: "bare", urls: { watch: cluster.url }, logger });
  try {
    const { data, unavailable } = await getStatementStatus(audit);
    expect(data).toMatchObject({ installed: false, preloaded: false, max: null });
    expect(unavailable).toMatchObject({ code: "not_installed" });
    for (const line of unavailable?.enable?.split("\n") ?? [])
      if (!line.startsWith("--")) await superuser.unsafe(line);
    const [written] =
      await superuser`select setting from pg_file_settings where name = 'shared_preload_libraries'`;
    expect(written?.setting).toBe("auto_explain, pg_stat_statements");
    // Created but not preloaded: the function would only raise an error, so it is not asked.
    const later = connect({ target: "bare", urls: { watch: cluster.url }, logger });
    expect((await getStatementStatus(later)).unavailable).toMatchObject({ code: "not_configured" });
    expect((await getStatements(later)).data).toBeNull();
    await later.close();
  } finally {
    await audit.close();
    await superuser.end();
    await cluster.destroy();
  }
});

test("statements that were really thrown out are a finding", async () => {
  const cluster = await startCluster(18, { "pg_stat_statements.max": "100" });
  const console_ = await createDatabase({ template: "console" });
  const superuser = postgres(cluster.url, { max: 1, prepare: false, onnotice: () => {} });
  await superuser`create extension pg_stat_statements`;
  const crowd = async () => {
    for (let i = 0; i < 256; i++) {
      const terms = Array.from({ length: 8 }, (_, bit) => ((i >> bit) & 1 ? "+ 1" : "- 1"));
      await superuser.unsafe(`select 1 ${terms.join(" ")}`);
    }
  };
  let current = connect({ target: "crowded", urls: { watch: cluster.url }, logger });
  const opened = [current];
  const audit: AuditDb = { ...current, read: (statement) => current.read(statement) };
  const sampler = queriesSamplers.find((s) => s.name === "statements.totals");
  if (!sampler) throw new Error("no sampler");
  const started = Date.now() - (Date.now() % 60_000);
  let clock = started;
  const history = createHistory(console_.sql, () => clock);
  await createPartitions(console_.sql, new Date(started));
  const run = createSamplerRun(sampler, {
    sql: console_.sql,
    audit,
    catalogue: createCatalogue(console_.sql),
    context: { instances: async () => [] },
    meter: createCostMeter(),
    clock: () => clock,
  });
  try {
    for (let minute = 0; minute < 3; minute++) {
      clock = started + minute * 60_000;
      current = connect({ target: "crowded", urls: { watch: cluster.url }, logger });
      opened.push(current);
      await run.take(clock, clock + 60_000);
      await crowd();
    }
    clock += 60_000;
    const [info] = await superuser<{ dealloc: number }[]>`select dealloc::int from pg_stat_statements_info`;
    expect(info?.dealloc).toBeGreaterThan(10);
    const findings = await getQueryFindings({ audit, history, now: new Date(clock) });
    const evicted = findings.find((f) => f.check === "queries.evicted");
    expect(evicted).toMatchObject({ path: "queries" });
    const told = Number(/(\d+) times?/.exec(evicted?.title ?? "")?.[1]);
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThanOrEqual(info?.dealloc ?? 0);
  } finally {
    await Promise.all(opened.map((engine) => engine.close()));
    await superuser.end();
    await console_.drop();
    await cluster.destroy();
  }
}, 60_000);
