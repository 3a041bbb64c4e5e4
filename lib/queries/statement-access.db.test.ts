import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../audit-db/connect.ts";
import type { AuditDb } from "../audit-db/types.ts";
import { createHistory } from "../collector/history/history.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { createCatalogue } from "../collector/sampling/catalogue.ts";
import { createCostMeter } from "../collector/sampling/cost-sampler.ts";
import { createSamplerRun } from "../collector/sampling/run-sampler.ts";
import { startCluster } from "../testing/cluster.ts";
import { createDatabase, type TestDatabase } from "../testing/database.ts";
import { findingsOf } from "../testing/look.ts";
import { type Statements, startStatements } from "../testing/statements.ts";
import { queriesChecks } from "./checks.ts";
import { getRunningQueries } from "./get-running-queries.ts";
import { getStatements } from "./get-statements.ts";
import { getStatementStatus } from "./get-status.ts";
import { getTopQueries, type TopQueriesInput } from "./get-top-queries.ts";
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

let console_: TestDatabase;

beforeAll(async () => {
  console_ = await createDatabase({ template: "console" });
});
afterAll(() => console_?.drop());

describe.each([15, 18] as const)("statement access on PostgreSQL %i", (server) => {
  let world: Statements;

  beforeAll(async () => {
    world = await startStatements(server);
  });
  afterAll(() => world?.close());

  test("running queries are seen with what they wait for, secrets left out", async () => {
    const { database, open } = world;
    const sleeper = postgres(database.url, { max: 1, connection: { application_name: "report-worker" } });
    const running = sleeper.unsafe("select pg_sleep(1.5), 'postgres://u:hunter2@h/d' as url").execute();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { data } = await getRunningQueries(open(), { hideOwn: true });
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
    const { database, open } = world;
    const url = await database.login();
    const audit = open(url);
    const history = createHistory(console_.sql);
    const role = new URL(url).username;
    const { data, unavailable } = await getTopQueries({ audit, history, now: new Date() }, base);
    expect(data.queries).toEqual([]);
    expect(unavailable).toMatchObject({ code: "no_grant", enable: `GRANT pg_read_all_stats TO ${role};` });
    const running = await getRunningQueries(audit, { hideOwn: false });
    expect(running.data.hiddenSessions).toBeGreaterThan(0);
    // What the console itself costs is always seen: those are its own statements.
    const ofOthers = queriesChecks.filter(({ id }) => id !== "queries.own_cost");
    const findings = await findingsOf(ofOthers, { audit, history, now: new Date() });
    expect(findings).toMatchObject([
      { check: "queries.heavy", severity: "notice", unavailable: { code: "no_grant" } },
      { check: "queries.slow", severity: "notice", unavailable: { code: "no_grant" } },
      { check: "queries.evicted", severity: "notice", unavailable: { code: "no_grant" } },
      { check: "queries.text_size", severity: "notice", unavailable: { code: "no_grant" } },
    ]);
    await database.sql.unsafe(unavailable?.enable ?? "");
    expect((await getStatementStatus(open(url))).unavailable).toBeUndefined();
  });

  test("without the extension the exact statement creates it, and the samplers record nothing", async () => {
    const { open } = world;
    const bare = await createDatabase({ server, template: "empty" });
    await bare.sql`drop extension pg_stat_statements`;
    const url = await bare.login(["pg_monitor"]);
    const opened: AuditDb[] = [];
    // Another engine a look: one engine remembers that the extension was missing.
    const look = () => {
      const audit = open(url);
      opened.push(audit);
      return audit;
    };
    const { data, unavailable } = await getStatementStatus(look());
    expect(data).toMatchObject({ installed: false, preloaded: true });
    expect(unavailable).toMatchObject({ code: "not_installed" });
    expect((await getStatements(look())).data).toBeNull();
    expect((await sampleStatementTotals(look())).values).toEqual({});
    await bare.sql.unsafe(unavailable?.enable ?? "");
    expect((await getStatementStatus(look())).unavailable).toBeUndefined();
    await Promise.all(opened.map((audit) => audit.close()));
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
    const sampleAt = async (minute: number) => {
      clock = started + minute * 60_000;
      current = connect({ target: "crowded", urls: { watch: cluster.url }, logger });
      opened.push(current);
      await run.take(clock, clock + 60_000);
    };
    for (let minute = 0; minute < 3; minute++) {
      await sampleAt(minute);
      await crowd();
    }
    clock += 60_000;
    const [info] = await superuser<{ dealloc: number }[]>`select dealloc::int from pg_stat_statements_info`;
    expect(info?.dealloc).toBeGreaterThan(10);
    const findings = await findingsOf(queriesChecks, { audit, history, now: new Date(clock) });
    const evicted = findings.find((f) => f.check === "queries.evicted");
    expect(evicted).toMatchObject({ path: "queries" });
    const told = Number(/(\d+) times?/.exec(evicted?.title ?? "")?.[1]);
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThanOrEqual(info?.dealloc ?? 0);
    // Room is made, and a day passes.
    await superuser`select pg_stat_statements_reset()`;
    await createPartitions(console_.sql, new Date(started + 86_400_000));
    for (const minute of [25 * 60, 25 * 60 + 1]) await sampleAt(minute);
    clock += 60_000;
    const quiet = await findingsOf(queriesChecks, { audit, history, now: new Date(clock) });
    expect(quiet.filter(({ check }) => check === "queries.evicted")).toEqual([]);
  } finally {
    await Promise.all(opened.map((engine) => engine.close()));
    await superuser.end();
    await cluster.destroy();
  }
});
